package data

import "math"

// Populations is how many people live in places, for figures per head.
type Populations struct {
	Title string // what was counted
	// Approximate: the people of towns and villages alone, as no count by area
	// is on record.
	Approximate bool
	Of          map[string]float64 // by code of territory, region or area
}

// OfPlaces reports whether the values of the dimension are places, of origin or
// of delivery.
func (d Dimension) OfPlaces() bool { return d.OfOrigin() || d.OfDelivery() }

// PerHead works out what each row comes to per head, in pence: of a flow by
// place, and where the people of the place are known.
func (f *Flow) PerHead(p Populations) {
	if len(f.By) != 1 || !f.By[0].OfPlaces() {
		return
	}
	for i := range f.Rows {
		if n := p.Of[f.Rows[i].Values[0]]; n > 0 {
			v := math.Round(float64(f.Rows[i].Pence)/n*100) / 100
			f.Rows[i].PerHeadPence = &v
			f.Population = &Baseline{Title: p.Title, Approximate: p.Approximate}
		}
	}
}
