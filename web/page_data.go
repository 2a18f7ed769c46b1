package web

import (
	"fmt"
	"net/http"

	"tributary/data"
)

// dataContent is the page of downloads and licences.
type dataContent struct {
	Downloads []download
	Sets      []data.BoundarySet
	Demo      bool
}

// A download is one data set with its forms.
type download struct {
	Name, Holds string
	Files       []file
}

type file struct{ Label, URL string }

// downloads lists what can be taken away. Boundaries go as GeoJSON.
var downloads = []download{
	{"Police territories", "All 45 territories with codes, names, region, policing body and figures", forms("territories")},
	{"Regions", "The 12 regions and nations with codes, names and figures", forms("regions")},
	{"Districts and counties", "The areas below the territory with codes, names and figures", forms("areas")},
	{"Activities", "Every public activity with provider, themes, status and places at the precision that may be shown", forms("activities")},
}

func forms(noun string) []file {
	return []file{{"CSV", "/api/v1/" + noun + ".csv"}, {"XLSX", "/api/v1/" + noun + ".xlsx"}, {"JSON", "/api/v1/" + noun}, {"GeoJSON", "/api/v1/" + noun + ".geojson"}}
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
	return p.show(w, r, http.StatusOK, "data", frame{Title: "Data and licences", Nav: "/data", Content: dataContent{downloads, sets, summary.Demonstration}})
}

// Help answers "/help".
func (p *Pages) Help(w http.ResponseWriter, r *http.Request) error {
	if _, _, err := p.readQuery(r); err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, "help", frame{Title: "How to use and read Tributary", Nav: "/help"})
}
