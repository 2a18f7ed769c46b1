package load

import (
	"slices"
	"strings"

	"tributary/data"
)

// The fields of an activity, as indexes into [activityColumns].
const (
	fieldID = iota
	fieldName
	fieldSummary
	fieldURL
	fieldProvider
	fieldProviderID
	fieldTheme
	fieldMeasure
	fieldStatus
	fieldClass
	fieldRole
	fieldLatitude
	fieldLongitude
	fieldEasting
	fieldNorthing
	fieldPostcode
	fieldAreaCode
	fieldTerritory
	fieldLocality
	fieldCount
)

// activityColumns are the columns of a file of activities and the headings by
// which others know them: Open Referral, 360Giving, ONS and plain words. A
// recipient's or an organisation's own address is not among them: it is not
// where an activity takes place, so a person has to map it.
var activityColumns = [fieldCount]column{
	fieldID:         {"id", []string{"identifier", "activityid", "externalid", "serviceid", "uniqueid", "reference", "ref"}},
	fieldName:       {"name", []string{"title", "activityname", "activity", "activitytitle", "servicename", "projectname", "projecttitle"}},
	fieldSummary:    {"summary", []string{"description", "activitydescription", "servicedescription", "projectdescription", "about"}},
	fieldURL:        {"url", []string{"website", "webaddress", "webpage", "homepage", "link", "web"}},
	fieldProvider:   {"provider", []string{"providername", "organisation", "organization", "organisationname", "organizationname", "recipientorganizationname", "recipientorgname"}},
	fieldProviderID: {"provider_id", []string{"organisationid", "organizationid", "orgid", "recipientorganizationid", "recipientorgidentifier"}},
	fieldTheme:      {"theme", []string{"themes"}},
	fieldMeasure:    {"measure", []string{"measures", "measurecode", "measurecodes"}},
	fieldStatus:     {"status", []string{"activitystatus"}},
	fieldClass:      {"class", []string{"sensitivity", "sensitivityclass"}},
	fieldRole:       {"role", []string{"placerole"}},
	fieldLatitude:   {"latitude", []string{"lat"}},
	fieldLongitude:  {"longitude", []string{"long", "lon", "lng"}},
	fieldEasting:    {"easting", []string{"eastings"}},
	fieldNorthing:   {"northing", []string{"northings"}},
	fieldPostcode:   {"postcode", []string{"postalcode", "deliverypostcode", "venuepostcode", "outcode", "outwardcode", "postcodedistrict"}},
	fieldAreaCode:   {"area_code", []string{"area", "gsscode", "districtcode", "ladcode", "lad#cd", "localauthoritycode", "localauthoritydistrictcode", "beneficiarylocationgeocode"}},
	fieldTerritory:  {"territory", []string{"territorycode", "policeforcearea", "policearea", "policeforce", "forcecode", "pfacode", "pfa#cd", "pfa"}},
	fieldLocality:   {"locality", []string{"venue", "town", "address", "address1", "addressline1", "location", "place", "beneficiarylocationname"}},
}

// ActivityFields are the names that --map and --set know.
func ActivityFields() []string {
	names := make([]string, fieldCount)
	for i, c := range activityColumns {
		names[i] = c.name
	}
	return names
}

// ParsePairs reads repeated settings of the form field=value, as --map and
// --set take them; flag is which of the two, for the error. The error is an
// *[data.Invalid].
func ParsePairs(flag string, pairs []string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range pairs {
		name, value, ok := strings.Cut(p, "=")
		name = strings.TrimSpace(name)
		switch {
		case !ok || name == "" || strings.TrimSpace(value) == "":
			return nil, data.Invalidf(flag, p, "%q does not say what goes where: write --%s field=%s", p, flag, map[string]string{"map": `"Column name"`}[flag])
		case out[name] != "":
			return nil, data.Invalidf(flag, p, "%s is given twice, as %q and %q: choose one of them", name, out[name], value)
		}
		out[name] = strings.TrimSpace(value)
	}
	return out, nil
}

// layout says where in a row each field of an activity is.
type layout struct {
	index    [fieldCount]int // of the column; -1 for none
	constant [fieldCount]string
	key      []int // columns that identify a row, instead of an id
	unused   []string
}

// newLayout matches the columns of a file with the fields of an activity. The
// error is an *[data.Invalid] that says which setting or column is missing.
func newLayout(columns []string, opt ActivityOptions) (*layout, error) {
	l := &layout{}
	if err := checkFields(opt.Map, opt.Set); err != nil {
		return nil, err
	}
	for f, c := range activityColumns {
		var err error
		l.index[f] = -1
		if mapped, ok := opt.Map[c.name]; ok {
			l.index[f], err = named(columns, mapped, "map")
		} else if set, ok := opt.Set[c.name]; ok {
			l.constant[f] = set
		} else {
			l.index[f], err = c.find(columns)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, k := range opt.Key {
		i, err := named(columns, k, "key")
		if err != nil {
			return nil, err
		}
		l.key = append(l.key, i)
	}
	l.markUnused(columns)
	return l, l.check(columns, opt)
}

// checkFields refuses fields that do not exist, and fields that are both
// mapped and set.
func checkFields(mapped, set map[string]string) error {
	known := ActivityFields()
	for _, given := range []struct {
		flag   string
		fields map[string]string
	}{{"map", mapped}, {"set", set}} {
		for _, name := range sortedKeys(given.fields) {
			if !slices.Contains(known, name) {
				return data.Invalidf(given.flag, name, "there is no field %q%s: the fields are %s", name, suggestion(name, known), strings.Join(known, ", "))
			}
		}
	}
	for name := range set {
		if _, both := mapped[name]; both {
			return data.Invalidf("set", name, "%s is both mapped to a column and set to a value: choose one of them", name)
		}
	}
	return nil
}

func (l *layout) markUnused(columns []string) {
	used := slices.Concat(l.index[:], l.key)
	for i, c := range columns {
		if !slices.Contains(used, i) && !slices.Contains(refusedColumns, c) {
			l.unused = append(l.unused, c)
		}
	}
}

// check makes sure that rows can be identified and named.
func (l *layout) check(columns []string, opt ActivityOptions) error {
	_, idMapped := opt.Map["id"]
	_, idSet := opt.Set["id"]
	switch {
	case idSet:
		return data.Invalidf("set", "id", "one id for all rows would make them one activity: map the id to a column, or name the columns that identify a row with --key")
	case idMapped && len(l.key) > 0:
		return data.Invalidf("key", strings.Join(opt.Key, ","), "both an id and key columns are given: choose one of them")
	case l.index[fieldID] < 0 && len(l.key) == 0:
		return data.Invalidf("id", "", "the file has no id column: name the one that holds each activity's id with --map id=\"Column\", or the columns that together identify a row with --key \"Column A,Column B\"; its columns are %s", quotedList(columns))
	case l.index[fieldName] < 0 && l.constant[fieldName] == "":
		return data.Invalidf("name", "", "the file has no name column: say which column holds the activity's name with --map name=\"Column\"; its columns are %s", quotedList(columns))
	}
	if len(l.key) > 0 {
		l.index[fieldID] = -1
	}
	return nil
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
