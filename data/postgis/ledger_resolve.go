package postgis

import (
	"fmt"
	"slices"
	"strings"

	"tributary/data"
	"tributary/geo"
)

// class is the class that a record's own words and measure call for, S1 at
// least unless its file says S0.
func (m *merge) class(given, title string, values map[string]any) string {
	asked := data.S1Care
	if given != "" {
		asked, _ = data.ParseSensitivity(given) // of the vocabulary
	}
	var served []string
	if code, ok := values["measure"].(string); ok {
		served = []string{code}
	}
	class, _ := data.Classify(asked, []string{title}, served, m.measures.classes)
	return strings.ToLower(class.String())
}

// spellRefs spells each reference of a record as "SOURCE//ID".
func (m *merge) spellRefs(k *data.Kind, values map[string]any) {
	for _, f := range k.Fields {
		ref, ok := values[f.Name].(data.Ref)
		if !ok {
			continue
		}
		source, id := m.run.Source, string(ref)
		if other, rest, found := strings.Cut(id, "//"); found && other != "" && !strings.HasSuffix(other, ":") {
			source, id = other, rest
		} else if f.Ref == "organisation" {
			source, id = m.organisation(id)
		}
		values[f.Name] = data.Ref(source + "//" + id)
	}
}

// organisation is the identity of an organisation that a file names: its
// org-id, which is the same for every source, or its id in this one.
func (m *merge) organisation(id string) (source, externalID string) {
	if org, err := data.ParseOrgID(id); err == nil {
		return data.OrgIDSource, org
	}
	return m.run.Source, id
}

// resolveValues replaces spellings of territories, areas and measures by their
// ids and codes, and says of places what they are.
func (m *merge) resolveValues(values map[string]any) *data.Invalid {
	g := m.names
	one := func(field string, find func(string) (string, *data.Invalid)) *data.Invalid {
		s, ok := values[field].(string)
		if !ok {
			return nil
		}
		id, bad := find(s)
		if bad != nil {
			bad.Field = field
			return bad
		}
		values[field] = id
		return nil
	}
	for field, find := range map[string]func(string) (string, *data.Invalid){
		"territory": g.territory, "area_code": g.area, "residence_area": g.area, "measure": m.measures.code,
	} {
		if bad := one(field, find); bad != nil {
			return bad
		}
	}
	for field, find := range map[string]func(string) (string, *data.Invalid){
		"areas": g.areaOrTerritory, "territories": g.territory, "measures": m.measures.code, "places": g.weighted,
	} {
		list, ok := values[field].([]string)
		if !ok {
			continue
		}
		out := slices.Clone(list)
		for i, s := range list {
			id, bad := find(s)
			if bad != nil {
				bad.Field = field
				return bad
			}
			out[i] = id
		}
		values[field] = out
	}
	return nil
}

func (g gazetteer) territory(s string) (string, *data.Invalid) {
	rec := data.ActivityRecord{TerritoryCode: s}
	bad := g.resolve(&rec)
	return rec.TerritoryCode, bad
}

func (g gazetteer) area(s string) (string, *data.Invalid) {
	rec := data.ActivityRecord{AreaCode: s}
	bad := g.resolve(&rec)
	return rec.AreaCode, bad
}

func (g gazetteer) areaOrTerritory(s string) (string, *data.Invalid) {
	if id, bad := g.area(s); bad == nil {
		return id, nil
	}
	return g.territory(s)
}

// weighted reads "PLACE=WEIGHT" and spells it "kind:place=weight": an area, a
// territory, a postcode or an outward code.
func (g gazetteer) weighted(s string) (string, *data.Invalid) {
	place, weight, err := data.ParseWeighted(s)
	if err != nil {
		return "", data.Invalidf("places", s, "%v", err)
	}
	spell := func(kind, id string) (string, *data.Invalid) { return fmt.Sprintf("%s:%s=%d", kind, id, weight), nil }
	if p, err := geo.ParsePostcode(place); err == nil {
		return spell("postcode", string(p))
	}
	if id, bad := g.area(place); bad == nil {
		return spell("area", id)
	}
	if id, bad := g.territory(place); bad == nil {
		return spell("territory", id)
	}
	if o, err := geo.ParseOutcode(place); err == nil {
		return spell("outcode", string(o))
	}
	return "", data.Invalidf("places", place, "%q is no area, territory or postcode%s: give a code such as E07000148, norfolk or NR1 3JU", place, vintage(place))
}
