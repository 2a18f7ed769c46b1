package web

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"tributary/data"
	"tributary/geo"
)

// A chip is one active value with the address of the page without it.
type chip struct{ Name, Value, RemoveURL string }

// words are the words for the codes in a filter, by "parameter:value".
func (n named) words() map[string]string {
	names := namesOf(n.rows, n.regions, n.areas)
	for code, name := range n.others {
		for _, param := range []string{"buyer", "supplier", "provider", "activity", "priority", "measure"} {
			names[param+":"+code] = name
		}
	}
	return names
}

// namesOf gives the words for the codes in a filter, by "parameter:value".
func namesOf(rows []data.TerritoryRow, regions []data.RegionRow, areas []data.AreaRow) map[string]string {
	names := maps.Clone(paramValues())
	for _, a := range areas {
		names["area:"+string(a.Code)] = a.Name
		names["origin_area:"+string(a.Code)] = a.Name
	}
	for _, r := range rows {
		names["territory:"+string(r.ID)] = r.Name
		names["origin_territory:"+string(r.ID)] = r.Name
	}
	for _, r := range regions {
		names["region:"+string(r.Code)] = r.Name
		names["origin_region:"+string(r.Code)] = r.Name
	}
	return names
}

// paramValues are the words for the values of closed lists.
func paramValues() map[string]string {
	names := map[string]string{}
	for _, t := range data.Themes {
		names["theme:"+string(t)] = themeWord(t)
	}
	for _, s := range data.Statuses {
		names["status:"+string(s)] = statusWord(s)
	}
	for param, list := range map[string][]string{"sector": data.Sectors, "type": data.ContributionTypes, "beneficiary": data.Beneficiaries, "state": data.EvidenceStates,
		"standing": data.Standings, "origin": {data.OriginBuyer, data.OriginSupplierSite}} {
		for _, v := range list {
			names[param+":"+v] = words(valueWords, v)
		}
	}
	return names
}

var paramWords = map[string]string{"bbox": "Box", "as_at": "As at", "status": "Status", "territory": "Territory", "from": "From", "to": "To",
	"sector": "Buyer’s sector", "type": "Type", "beneficiary": "For", "state": "Evidence", "origin": "Comes from", "origin_territory": "From",
	"origin_region": "From", "origin_area": "From", "area": "Area", "target_area": "Target area"}

// valueWords are the words for values whose code says too little.
var valueWords = map[string]string{"nhs": "NHS", "neet": "People not in education, employment or training", "vcses": "Voluntary and community organisations", "provider_confirmed": "Confirmed by the provider",
	"supplier_site": "Suppliers’ sites", "buyer": "Buyers", "professional_advice_pro_bono": "Professional advice, free", "volunteering_time": "Volunteering", "donation_money": "Donated money", "donation_goods": "Donated goods",
	"work_experience_paid": "Paid work experience", "internship_paid": "Paid internship", "in_kind": "Help in kind", "claimed": "Claimed", "committed": "Committed only"}

// chipsOf lists every active value of f, in the order of the documentation.
func chipsOf(path string, f data.Filter, view url.Values, names map[string]string) []chip {
	var chips []chip
	values := f.Values()
	for _, name := range data.ParamNames() {
		if values.Get(name) == "" {
			continue
		}
		alternatives := strings.Split(values.Get(name), ",")
		if name == "bbox" { // one value with commas in it
			alternatives = []string{values.Get(name)}
		}
		for i, v := range alternatives {
			left := slices.Delete(slices.Clone(alternatives), i, i+1)
			without := url.Values{}
			for k, kept := range values {
				without[k] = kept
			}
			without.Set(name, strings.Join(left, ","))
			label, ok := names[name+":"+v]
			if !ok {
				label = plainDates(v)
			}
			chips = append(chips, chip{words(paramWords, name), label, queryURL(path, without, view)})
		}
	}
	return chips
}

// pageURL is the address of the page at path for a filter and view parameters.
func pageURL(path string, f data.Filter, view url.Values) string {
	return queryURL(path, f.Values(), view)
}

// queryURL joins a path with parameters. Empty ones are left out, so that
// equal states have equal links, and commas stay legible.
func queryURL(path string, sets ...url.Values) string {
	all := url.Values{}
	for _, set := range sets {
		for name, v := range set {
			if len(v) > 0 && v[0] != "" {
				all.Set(name, v[0])
			}
		}
	}
	if len(all) == 0 {
		return path
	}
	return path + "?" + strings.NewReplacer("%2C", ",", "%3A", ":").Replace(all.Encode())
}

// canonicalQuery returns the tidy spelling of a form's query (empty fields and
// defaults left out, repeated fields joined by commas) and whether it differs
// from what was asked in more than spelling.
func canonicalQuery(query url.Values, defaults map[string]string) (url.Values, bool) {
	tidy := url.Values{}
	changed := false
	for name, values := range query {
		kept := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" || v == defaults[name] })
		if len(kept) > 0 {
			tidy.Set(name, strings.Join(kept, ","))
		}
		changed = changed || len(values) != 1 || len(kept) != 1
	}
	return tidy, changed
}

func inTerritory(id geo.TerritoryID) data.Filter {
	return data.Filter{Territory: []geo.TerritoryID{id}}
}

func inRegion(code geo.RegionCode) data.Filter {
	return data.Filter{Region: []geo.RegionCode{code}}
}
