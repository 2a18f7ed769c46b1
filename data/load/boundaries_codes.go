package load

import (
	"regexp"
	"strings"

	"tributary/data"
)

// properties are a feature's texts by lower-case name.
type properties map[string]string

func lowerProperties(in map[string]any) properties {
	out := make(properties, len(in))
	for k, v := range in {
		if s, ok := v.(string); ok {
			out[strings.ToLower(k)] = strings.TrimSpace(s)
		}
	}
	return out
}

var (
	// gssCode is the form of a GSS code (ONS, "Coding and naming for statistical
	// geographies").
	gssCode = regexp.MustCompile(`^[EWSNLM][0-9]{8}$`)
	// codeProperties are the names ONS gives to code columns, the most specific
	// first: a file of districts may also name police areas and regions.
	codeProperties = []*regexp.Regexp{
		regexp.MustCompile(`^(lad|ltla)([0-9]{2})?cdo?$`),
		regexp.MustCompile(`^pfa([0-9]{2})?cd$`),
		regexp.MustCompile(`^(gss|gss_?code|area_?cd|area_?code|geo_?code|code)$`),
		regexp.MustCompile(`^(rgn|rgnd|nat|itl1|eer)([0-9]{2})?cd$`),
		regexp.MustCompile(`^ctry([0-9]{2})?cd$`),
	}
	territoryProperties = regexp.MustCompile(`^(territory|territory_gss|territory_code|pfa([0-9]{2})?cd)$`)
)

// code finds the ONS code of a feature and the property that holds it.
func (p properties) code() (code, property string) {
	for _, pattern := range codeProperties {
		for _, name := range p.sorted(pattern) {
			if c := strings.ToUpper(p[name]); gssCode.MatchString(c) {
				return c, name
			}
		}
	}
	return "", ""
}

// sorted lists the properties whose name matches, the last (newest) first.
func (p properties) sorted(pattern *regexp.Regexp) (names []string) {
	for name := range p {
		if pattern.MatchString(name) {
			names = append(names, name)
		}
	}
	sortDescending(names)
	return names
}

// names finds the English and Welsh names that stand beside a code.
func (p properties) names(code string) (name, nameCy string) {
	for property, value := range p {
		if base, ok := strings.CutSuffix(property, "cd"); ok && strings.EqualFold(value, code) {
			name, nameCy = p[base+"nm"], p[base+"nmw"]
		}
	}
	if name == "" {
		name = p["name"]
	}
	if name == "" {
		name = code
	}
	return name, nameCy
}

// kindOfCode is the kind whose codes begin so; "" if none does or, as for
// S92000003 and N92000002, several.
func kindOfCode(code string) data.BoundaryKind {
	switch prefix := code[:min(3, len(code))]; prefix {
	case "E23", "W15", "S23", "N23", "N99":
		return data.BoundaryTerritory
	case "E12", "W92":
		return data.BoundaryRegion
	case "E06", "E07", "E08", "E09", "W06", "S12", "N09":
		return data.BoundaryDistrict
	}
	return ""
}
