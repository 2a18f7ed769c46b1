package demo

import (
	"math"
	"sort"
	"sync"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/data/reference"
	"tributary/geo"
)

// gazetteer draws towns by where people live and how much goes on there.
type gazetteer struct {
	towns []town
	all   cumulative
	in    []cumulative // by territory
	// districts are the codes of each territory's districts.
	districts [][]data.District
}

type town struct {
	data.Town
	territory int
}

// cumulative draws items in proportion to their weights.
type cumulative struct {
	items []int32
	upto  []float64
}

func (c *cumulative) add(item int, weight float64) {
	if n := len(c.upto); n > 0 {
		weight += c.upto[n-1]
	}
	c.items, c.upto = append(c.items, int32(item)), append(c.upto, weight)
}

func (c *cumulative) pick(r *random) int {
	at := r.Float64() * c.upto[len(c.upto)-1]
	return int(c.items[min(sort.SearchFloat64s(c.upto, at), len(c.items)-1)])
}

// townTerritories are the numbers of the territories that the towns lie in: by
// the default boundaries, else as the nearest town that lies in one.
var townTerritories = sync.OnceValue(func() []int {
	number := map[string]int{}
	for i, t := range reference.Territories() {
		number[string(t.ID)] = i
	}
	var shapes []data.Shape
	for _, set := range reference.Boundaries() {
		if set.Kind == data.BoundaryTerritory {
			shapes = set.Shapes
		}
	}
	bounds := make([]orb.Bound, len(shapes))
	for i, s := range shapes {
		bounds[i] = s.Geometry.Bound()
	}
	towns := reference.Towns()
	in := make([]int, len(towns))
	for i, t := range towns {
		in[i] = -1
		p := orb.Point{t.Lon, t.Lat}
		for j, s := range shapes {
			if bounds[j].Contains(p) && geo.Inside(s.Geometry, p) {
				in[i] = number[s.Code]
				break
			}
		}
	}
	for i, t := range towns {
		if in[i] >= 0 {
			continue
		}
		nearest, from := math.Inf(1), -1
		for j, u := range towns {
			if d := apart(t.Lon, t.Lat, u.Lon, u.Lat); in[j] >= 0 && d < nearest {
				nearest, from = d, in[j]
			}
		}
		in[i] = from
	}
	return in
})

// apart is a distance between two positions, good enough to compare.
func apart(lon1, lat1, lon2, lat2 float64) float64 {
	return math.Hypot((lon1-lon2)*math.Cos(lat1*math.Pi/180), lat1-lat2)
}

func newGazetteer(w *World) *gazetteer {
	g := &gazetteer{in: make([]cumulative, len(w.territories)), districts: make([][]data.District, len(w.territories))}
	in := townTerritories()
	// Some places do more than others, so that there are gaps to find.
	busy := make([]float64, len(w.territories))
	for i := range busy {
		busy[i] = 0.3 + 1.4*w.about(ofTerritory, i).Float64()
	}
	for i, t := range reference.Towns() {
		g.towns = append(g.towns, town{t, in[i]})
		people := float64(max(t.Population, 300))
		g.all.add(i, people*busy[in[i]])
		g.in[in[i]].add(i, people)
	}
	number := map[geo.TerritoryID]int{}
	for i, t := range w.territories {
		number[t.ID] = i
		if len(g.in[i].items) == 0 { // the City of London has no town but itself
			g.towns = append(g.towns, town{data.Town{Name: t.Name, Population: 8000, Lon: -0.0922, Lat: 51.5136}, i})
			g.all.add(len(g.towns)-1, 8000*busy[i])
			g.in[i].add(len(g.towns)-1, 8000)
		}
	}
	for _, d := range reference.Districts() {
		i := number[d.Territory]
		g.districts[i] = append(g.districts[i], d)
	}
	return g
}

// near draws a position about a town: a normal scatter of a few kilometres,
// wider in larger towns.
func (t town) near(r *random) (lon, lat float64) {
	spread := 0.004 + 0.000_02*float64(min(t.Population, 1_000_000))/1000
	return fine(t.Lon + r.NormFloat64()*spread*1.6), fine(t.Lat + r.NormFloat64()*spread)
}

// fine rounds degrees to about a metre, as files give them.
func fine(degrees float64) float64 { return math.Round(degrees*1e5) / 1e5 }
