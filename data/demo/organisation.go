package demo

import (
	"fmt"
	"slices"
	"strings"

	"tributary/data"
)

// buyer is a public body that buys.
type buyer struct {
	id, name, sector string
	territory        int
	districts        []string // its footprint; none is the whole territory
	also             int      // another territory that it buys for, or -1
}

// sectorsBuying are the bodies that a territory has, with the chance that each
// takes part: not every sector does everywhere.
var sectorsBuying = []struct {
	sector, id, name string
	chance           float64
}{
	{"police", "police", "Example Police for %s", 1},
	{"nhs", "nhs", "Example Hospitals Trust of %s", 0.85},
	{"fire_and_rescue", "fire", "Example Fire and Rescue Service of %s", 0.75},
	{"criminal_justice", "justice", "Example Probation Office of %s", 0.6},
	{"university", "university", "Example University of %s", 0.8},
}

func (w *World) makeBuyers() {
	for i, t := range w.territories {
		r := w.about(ofBuyer, i)
		for _, s := range sectorsBuying {
			b := buyer{id: fmt.Sprintf("%s-%s", s.id, t.ID), name: fmt.Sprintf(s.name, t.Name) + " (made up)", sector: s.sector, territory: i, also: -1}
			if s.sector == "fire_and_rescue" && r.chance(0.2) { // some straddle two territories
				b.also = (i + 1) % len(w.territories)
			}
			if r.chance(s.chance) {
				w.buyers = append(w.buyers, b)
			}
		}
		for _, d := range w.towns.districts[i] {
			if r.chance(0.45) {
				w.buyers = append(w.buyers, buyer{id: "council-" + strings.ToLower(string(d.Code)), name: fmt.Sprintf("Example Council for %s (made up)", d.Name),
					sector: "council", territory: i, districts: []string{string(d.Code)}, also: -1})
			}
		}
	}
}

// policeOf is the police force of a territory.
func (w *World) policeOf(territory int) data.Ref {
	return ref("police-%s", w.territories[territory].ID)
}

// universities are the buyers that are universities, for hubs and pledges.
func (w *World) universities() []buyer {
	return slices.DeleteFunc(slices.Clone(w.buyers), func(b buyer) bool { return b.sector != "university" })
}

// supplier sells to public bodies from one or more sites.
type supplier struct {
	name  string
	sites []site
	sole  bool
}

type site struct {
	lon, lat  float64
	town      int
	territory int
}

var trades = []string{"Builders Ltd", "Cleaning Ltd", "Facilities Ltd", "Catering Ltd", "Software Ltd", "Security Ltd", "Engineering Ltd", "Vehicles Ltd", "Care Services Ltd", "Office Supplies Ltd"}

func (w *World) makeSuppliers() {
	w.suppliers = make([]supplier, max(12, w.count(120)))
	for i := range w.suppliers {
		r := w.about(ofSupplier, i)
		s := supplier{name: name(r, i, trades), sole: r.chance(0.06)}
		n := 1
		for !s.sole && n < 12 && r.chance(0.62) {
			n++
		}
		home := -1
		for range n {
			at := w.towns.all.pick(r)
			if home >= 0 && r.chance(0.5) { // the others are half of them near the first
				at = w.towns.in[home].pick(r)
			}
			t := w.towns.towns[at]
			if home < 0 {
				home = t.territory
			}
			lon, lat := t.near(r)
			s.sites = append(s.sites, site{lon, lat, at, t.territory})
		}
		w.suppliers[i] = s
	}
}

// nearest is the supplier's site that is nearest to a position.
func (s supplier) nearest(lon, lat float64) int {
	best := 0
	for i, t := range s.sites {
		if apart(t.lon, t.lat, lon, lat) < apart(s.sites[best].lon, s.sites[best].lat, lon, lat) {
			best = i
		}
	}
	return best
}

func (w *World) organisationSheets() []Sheet {
	return []Sheet{
		sheet("organisation", len(w.buyers), func(i int) []*data.Organisation {
			b := w.buyers[i]
			kind := "buyer"
			if b.sector == "university" {
				kind = "university"
			}
			return []*data.Organisation{{Identity: identity("%s", b.id), Name: b.name, Kind: kind, Sector: b.sector, Scale: "large"}}
		}),
		sheet("organisation", len(w.suppliers), func(i int) []*data.Organisation {
			s := w.suppliers[i]
			o := &data.Organisation{Identity: identity("supplier-%d", i+1), Name: s.name, Kind: "supplier", Scale: "sme", SoleTrader: s.sole}
			switch {
			case s.sole:
				o.Scale = "micro"
			case len(s.sites) > 4:
				o.Scale = "large"
			}
			return []*data.Organisation{o}
		}),
		sheet("organisation", len(w.providers), func(i int) []*data.Organisation {
			return []*data.Organisation{{Identity: identity("provider-%d", i+1), Name: w.providers[i].name, Kind: "provider", VCSE: true, Scale: "micro"}}
		}),
		sheet("site", len(w.suppliers), w.supplierSites),
		sheet("site", len(w.buyers), w.buyerSites),
		sheet("footprint", len(w.buyers), w.footprints),
	}
}

func (w *World) supplierSites(i int) []*data.Site {
	var out []*data.Site
	for n, s := range w.suppliers[i].sites {
		role := "branch"
		if n == 0 {
			role = "registered_office"
		}
		out = append(out, &data.Site{Identity: identity("site-%d-%d", i+1, n+1), Organisation: ref("supplier-%d", i+1), Role: role,
			Name: w.towns.towns[s.town].Name, Where: data.Where{Longitude: &s.lon, Latitude: &s.lat}})
	}
	return out
}

func (w *World) buyerSites(i int) []*data.Site {
	b := w.buyers[i]
	role := map[string]string{"police": "station", "nhs": "hospital", "fire_and_rescue": "station", "criminal_justice": "court", "university": "campus"}[b.sector]
	if role == "" {
		return nil
	}
	r := w.about(ofSite, i)
	t := w.towns.towns[w.towns.in[b.territory].pick(r)]
	lon, lat := t.near(r)
	return []*data.Site{{Identity: identity("site-%s", b.id), Organisation: data.Ref(b.id), Name: t.Name, Role: role, Where: data.Where{Longitude: &lon, Latitude: &lat}}}
}

func (w *World) footprints(i int) []*data.Footprint {
	b := w.buyers[i]
	var out []*data.Footprint
	for _, d := range b.districts {
		out = append(out, &data.Footprint{Identity: identity("footprint-%s-%s", b.id, d), Buyer: data.Ref(b.id), AreaCode: d})
	}
	if len(b.districts) == 0 {
		out = append(out, &data.Footprint{Identity: identity("footprint-%s", b.id), Buyer: data.Ref(b.id), Territory: string(w.territories[b.territory].ID)})
	}
	if b.also >= 0 {
		out = append(out, &data.Footprint{Identity: identity("footprint-%s-also", b.id), Buyer: data.Ref(b.id), Territory: string(w.territories[b.also].ID)})
	}
	return out
}
