package web

import (
	"fmt"
	"net/http"
	"slices"

	"tributary/data"
)

// dataContent is the page of downloads and licences.
type dataContent struct {
	Downloads []download
	Sets      []data.BoundarySet
	Demo      bool
	Examples  []apiExample
	Reports   []*data.ReportKind
	Codes     []codeList
}

// A codeList is a closed list of codes that filters take.
type codeList struct {
	Param string
	Codes []string
}

// A download is one data set with its forms.
type download struct {
	Name, Holds string
	Files       []file
}

type file struct{ Label, URL string }

// downloads lists what can be taken away. Only places have shapes.
var downloads = []download{
	{"Police territories", "All 45 territories with codes, names, region, policing body and figures", forms("territories", "geojson")},
	{"Regions", "The 12 regions and nations with codes, names and figures", forms("regions", "geojson")},
	{"Districts and counties", "The areas below the territory with codes, names and figures", forms("areas", "geojson")},
	{"Activities", "Every public activity with provider, themes, status and places at the precision that may be shown", forms("activities", "geojson")},
	{"Contributions", "Every public part of a contribution: day, type, measure, priority, state of the evidence, value, place as finely as it may be told, supplier, buyer, provider and activity", forms("contributions")},
	{"Flows", "Where value goes, by any one or two of two dozen dimensions, with what is unallocated and withheld", forms("flow")},
	{"Organisations", "Suppliers, public buyers and providers with what each gave, brought and received", forms("organisations")},
	{"Contracts", "Contracts with value, clause, commitments, overdue updates and audits", forms("contracts")},
	{"Counts of people", "How many people, by territory or area, measure and quarter, rounded, with few withheld", forms("people")},
	{"Plans, priorities and measures", "The codes that filters take, with their wording", forms("plan")},
}

func forms(noun string, more ...string) []file {
	var out []file
	for _, form := range slices.Concat([]string{"csv", "xlsx", "json"}, more) {
		out = append(out, file{fileWords[form], "/api/v1/" + noun + "." + form})
	}
	return out
}

// An apiExample is a question to the API that answers as it stands; a test asks
// each of them.
type apiExample struct{ Asks, Path string }

var apiExamples = []apiExample{
	{"What there is, in one sentence and its figures", "/api/v1/summary?territory=norfolk"},
	{"Validated activities that make Norfolk safer", "/api/v1/activities?territory=norfolk&theme=safer&status=validated"},
	{"What was given in a financial year, by state of the evidence", "/api/v1/flow?dims=state&period=2025-26"},
	{"From suppliers’ sites to where it was delivered, as lines", "/api/v1/flow.geojson?dims=supplier_territory,territory"},
	{"A heat map of hexagons as a spreadsheet", "/api/v1/heat.csv?territory=norfolk&res=7"},
	{"Where a plan is served, and where not", "/api/v1/gap?territory=norfolk"},
	{"What is near a site that suits an offer", "/api/v1/nearby?site=52.6309%201.2974&type=volunteering_time"},
	{"Two territories side by side", "/api/v1/compare?territory=norfolk&with_territory=suffolk"},
	{"That every way of adding up comes to the same", "/api/v1/reconcile?territory=norfolk"},
	{"Contracts of councils", "/api/v1/contracts?sector=council"},
	{"Names and postcodes", "/api/v1/search?q=norwich"},
	{"What is new in a territory, for a feed reader", "/places/norfolk/feed.atom"},
}

// Data answers "/data".
func (p *Pages) Data(w http.ResponseWriter, r *http.Request) error {
	if _, _, err := p.readQuery(r); err != nil {
		return err
	}
	sets, err := p.src.BoundarySets(r.Context())
	if err != nil {
		return fmt.Errorf("data page: %w", err)
	}
	summary, err := p.src.Summary(r.Context(), data.Filter{})
	if err != nil {
		return fmt.Errorf("data page: %w", err)
	}
	return p.show(w, r, http.StatusOK, "data", frame{Title: "Data and licences", Nav: "/data", Content: dataContent{downloads, sets, summary.Demonstration, apiExamples, data.Reports, codeLists()}})
}

// codeLists are the closed lists.
func codeLists() []codeList {
	texts := func(n int, at func(int) string) (out []string) {
		for i := range n {
			out = append(out, at(i))
		}
		return out
	}
	return []codeList{
		{"theme", texts(len(data.Themes), func(i int) string { return string(data.Themes[i]) })}, {"status", texts(len(shownStatuses), func(i int) string { return string(shownStatuses[i]) })},
		{"sector", data.Sectors}, {"type", data.ContributionTypes}, {"state", data.EvidenceStates}, {"standing", data.Standings}, {"beneficiary", data.Beneficiaries},
	}
}

// Help answers "/help".
func (p *Pages) Help(w http.ResponseWriter, r *http.Request) error {
	if _, _, err := p.readQuery(r); err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, "help", frame{Title: "How to use and read Tributary", Nav: "/help"})
}
