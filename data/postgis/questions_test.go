package postgis_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/data/demo"
	"tributary/data/facts"
	"tributary/data/postgis"
	"tributary/geo"
	"tributary/geo/hex"
)

// public is a public fact as the oracle reads it, all of its columns as text.
type public struct {
	contribution, measure, priority, sector, state, standing, typ, unit string
	territory, region, area, supplier, buyer, provider, activity        string
	supplierTerritory, supplierArea, buyerTerritory, buyerArea          string
	themes, beneficiaries                                               []string
	day                                                                 time.Time
	pence, quantity                                                     int64
	cell                                                                hex.Cell
	at                                                                  orb.Point // the cell's centre
}

// readPublic reads every public fact without any query of the store.
func readPublic(t testing.TB, url string) []public {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	text := func(name string) string { return "COALESCE(" + name + "::text, '')" }
	var columns []string
	for _, c := range strings.Fields("contribution_id measure priority sector state standing type unit territory_id region_code area_code supplier_id buyer_id provider_id activity_id supplier_territory supplier_area buyer_territory buyer_area") {
		columns = append(columns, text(c))
	}
	rows, err := conn.Query(t.Context(), "SELECT "+strings.Join(columns, ", ")+", themes, beneficiaries, day, pence, quantity_milli, COALESCE(cell, 0) FROM pub.fact")
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p public, err error) {
		var cell int64
		err = row.Scan(&p.contribution, &p.measure, &p.priority, &p.sector, &p.state, &p.standing, &p.typ, &p.unit, &p.territory, &p.region, &p.area, &p.supplier, &p.buyer, &p.provider, &p.activity,
			&p.supplierTerritory, &p.supplierArea, &p.buyerTerritory, &p.buyerArea, &p.themes, &p.beneficiaries, &p.day, &p.pence, &p.quantity, &cell)
		if p.cell = hex.Cell(cell); cell != 0 && err == nil {
			p.at, err = p.cell.Centre()
		}
		return p, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// picked is a filter made of what a fact of the world has, so that it finds
// something, and what else it must keep.
func picked(r *rand.Rand, p public, regions map[string]string) (f data.Filter, keeps func(public) bool) {
	var tests []func(public) bool
	one := func(value string, field *[]string, of func(public) string) {
		if value == "" || r.IntN(6) > 0 {
			return
		}
		*field = []string{value}
		tests = append(tests, func(q public) bool { return of(q) == value })
	}
	var territory, region, area, themes, originTerritory, originArea, originRegion []string
	one(p.territory, &territory, func(q public) string { return q.territory })
	one(p.region, &region, func(q public) string { return q.region })
	one(p.area, &area, func(q public) string { return q.area })
	one(p.measure, &f.Measure, func(q public) string { return q.measure })
	one(p.priority, &f.Priority, func(q public) string { return q.priority })
	one(p.sector, &f.Sector, func(q public) string { return q.sector })
	one(p.typ, &f.Type, func(q public) string { return q.typ })
	one(p.supplier, &f.Supplier, func(q public) string { return q.supplier })
	one(p.buyer, &f.Buyer, func(q public) string { return q.buyer })
	one(p.provider, &f.Provider, func(q public) string { return q.provider })
	one(p.activity, &f.Activity, func(q public) string { return q.activity })
	origin := func(q public) (string, string) { return q.supplierTerritory, q.supplierArea }
	if r.IntN(3) == 0 {
		f.Origin = data.OriginBuyer
		origin = func(q public) (string, string) { return q.buyerTerritory, q.buyerArea }
	}
	from, fromArea := origin(p)
	one(from, &originTerritory, func(q public) string { t, _ := origin(q); return t })
	one(fromArea, &originArea, func(q public) string { _, a := origin(q); return a })
	one(regions[from], &originRegion, func(q public) string { t, _ := origin(q); return regions[t] })
	if len(p.themes) > 0 {
		theme := p.themes[r.IntN(len(p.themes))]
		if r.IntN(6) == 0 {
			themes = []string{theme}
			tests = append(tests, func(q public) bool { return slices.Contains(q.themes, theme) })
		}
	}
	if len(p.beneficiaries) > 0 && r.IntN(6) == 0 {
		whom := p.beneficiaries[r.IntN(len(p.beneficiaries))]
		f.Beneficiary = []string{whom}
		tests = append(tests, func(q public) bool { return slices.Contains(q.beneficiaries, whom) })
	}
	// Claimed and above, primary or not validated on the day, unless it is said.
	states, standings := []string{"claimed", "provider_confirmed", "evidenced", "audited"}, []string{"primary", "unvalidated"}
	if r.IntN(4) == 0 {
		states = []string{p.state}
		f.State = states
	}
	if r.IntN(4) == 0 {
		standings = []string{p.standing, "primary"}
		f.Standing = standings
	}
	tests = append(tests, func(q public) bool { return slices.Contains(states, q.state) && slices.Contains(standings, q.standing) })
	if r.IntN(3) == 0 {
		f.From = data.DateOf(p.day.AddDate(0, -r.IntN(9), 0))
		f.To = f.From.AddDays(r.IntN(600))
		tests = append(tests, func(q public) bool { d := data.DateOf(q.day); return !d.Before(f.From) && !f.To.Before(d) })
	}
	if p.cell != 0 && r.IntN(8) == 0 {
		w := 0.01 + r.Float64()
		f.BBox = &orb.Bound{Min: orb.Point{p.at[0] - w, p.at[1] - w/2}, Max: orb.Point{p.at[0] + w/3, p.at[1] + w}}
		// What has no cell may lie there or not: it is counted as withheld.
		tests = append(tests, func(q public) bool { return q.cell == 0 || f.BBox.Contains(q.at) })
	}
	f.Territory, f.Region, f.Area, f.Theme = typed[geo.TerritoryID](territory), typed[geo.RegionCode](region), typed[geo.AreaCode](area), typed[data.Theme](themes)
	f.OriginTerritory, f.OriginRegion, f.OriginArea = typed[geo.TerritoryID](originTerritory), typed[geo.RegionCode](originRegion), typed[geo.AreaCode](originArea)
	return f, func(q public) bool {
		for _, test := range tests {
			if !test(q) {
				return false
			}
		}
		return true
	}
}

func typed[T ~string](values []string) (out []T) {
	for _, v := range values {
		out = append(out, T(v))
	}
	return out
}

// Questions over a made-up world, each against an answer that is worked out
// from its public facts in another way.
func TestQuestionsOverTheDemonstration(t *testing.T) {
	s, url := opened(t)
	w := demo.New(demo.Options{Contributions: 1500, Seed: 21})
	settled(t, s, w, 3000)
	snap := current(t, s, following(t, s))
	all := readPublic(t, url)
	t.Run("ten thousand filters add up to the penny", func(t *testing.T) { addUp(t, snap, all) })
	t.Run("gap", func(t *testing.T) { gapsAgree(t, s, url, all) })
	t.Run("reports find the planted cases", func(t *testing.T) { reportsFind(t, s) })
}

// addUp: whatever the filter, the ledger, territories, regions, areas, the
// matrix of origins and territories, and hexagons come to what a plain sum over
// the facts comes to, in pence, in count, and each quantity by its unit.
func addUp(t *testing.T, snap *facts.Snapshot, all []public) {
	regions := map[string]string{}
	for _, p := range all {
		if p.territory != "" {
			regions[p.territory] = p.region
		}
	}
	r := rand.New(rand.NewPCG(11, 12))
	found := 0
	for n := range 10_000 {
		f, keeps := picked(r, all[r.IntN(len(all))], regions)
		var want data.Figure
		contributions := map[string]bool{}
		for i, p := range all {
			if keeps(p) {
				g := data.Figure{Count: 1, Pence: data.Pence(p.pence)}
				if p.unit != "" {
					g.Quantities = map[string]data.Quantity{p.unit: data.Quantity(p.quantity)}
				}
				want.Add(g)
				if p.contribution == "" { // a secret one counts by itself
					p.contribution = fmt.Sprint("secret ", i)
				}
				contributions[p.contribution] = true
			}
		}
		if want.Count > 0 {
			found++
		}
		totals := snap.Totals(f)
		if !totals.Total.Equal(want) || totals.Total.Contributions != int64(len(contributions)) {
			t.Fatalf("%s: total %+v, want %+v of %d contributions", f.Canonical(), totals.Total, want, len(contributions))
		}
		by := [][]data.Dimension{{data.ByTerritory}, {data.ByRegion}, {data.ByArea}, {data.BySupplierTerritory, data.ByTerritory}, {data.ByBuyerRegion, data.ByRegion}, {data.ByQuarter}}[n%6]
		b := snap.Breakdown(f, by...)
		var sum data.Figure
		columns := map[string]data.Figure{}
		for _, row := range b.Rows {
			sum.Add(row.Figure)
			c := columns[row.Values[len(row.Values)-1]]
			c.Add(row.Figure)
			columns[row.Values[len(row.Values)-1]] = c
		}
		sum.Add(b.Unallocated)
		sum.Add(b.Withheld)
		if !sum.Equal(want) || !b.Total.Equal(want) {
			t.Fatalf("%s by %v: %+v, want %+v", f.Canonical(), by, sum, want)
		}
		if len(by) == 2 { // a column of the matrix is what came to the place
			for _, row := range snap.Breakdown(f, by[1]).Rows {
				if c := columns[row.Values[0]]; !c.Equal(row.Figure) {
					t.Fatalf("%s by %v: the column of %v is %+v, want %+v", f.Canonical(), by, row.Values, c, row.Figure)
				}
			}
		}
		h := snap.Heat(data.HeatQuery{Filter: f, Res: hex.Coarsest + n%(hex.Finest-hex.Coarsest+1), Metric: data.MetricPence})
		cells := data.Figure{Count: h.Unallocated.Count + h.Withheld.Count, Pence: h.Unallocated.Pence + h.Withheld.Pence}
		for _, c := range h.Rows {
			cells.Count, cells.Pence = cells.Count+c.Count, cells.Pence+c.Pence
		}
		if cells.Count != want.Count || cells.Pence != want.Pence {
			t.Fatalf("%s: hexagons, unallocated and withheld are %+v, want %+v", f.Canonical(), cells, want)
		}
	}
	if found < 5000 {
		t.Errorf("only %d filters found anything", found)
	}
}

// gapsAgree works gaps out from the facts, by the words of the definition: the
// share of what a priority received less the share of the need.
func gapsAgree(t *testing.T, s *postgis.Store, url string, all []public) {
	served := map[string]map[string]bool{} // priority and area → activities
	for _, line := range asked(t, url, `SELECT concat_ws('|', m.priority_code, p.area_code, a.id) FROM pub.activity a JOIN pub.place p ON p.activity_id = a.id AND p.role <> 'base' JOIN pub.measure m ON m.code = ANY (a.measures)
		WHERE a.status NOT IN ('closed', 'expired') AND p.area_code IS NOT NULL`) {
		part := strings.Split(line, "|")
		at := part[0] + "|" + part[1]
		if served[at] == nil {
			served[at] = map[string]bool{}
		}
		served[at][part[2]] = true
	}
	states := map[data.GapState]int{}
	for _, territory := range []geo.TerritoryID{"norfolk", "metropolitan", "police-scotland", "south-wales", "kent"} {
		for _, by := range []string{"area", "cell"} {
			g, err := s.Gap(t.Context(), data.Filter{Territory: []geo.TerritoryID{territory}}, data.View{By: by})
			if err != nil {
				t.Fatal(err)
			}
			place := func(p public) string { return p.area }
			if by == "cell" {
				place = func(p public) string {
					if p.cell == 0 {
						return ""
					}
					c, err := p.cell.Parent(6)
					if err != nil {
						t.Fatal(err)
					}
					return c.String()
				}
			}
			type sum struct {
				pence         int64
				contributions map[string]bool
			}
			sums, whole := map[string]sum{}, map[string]sum{}
			coarse := data.Figure{}
			add := func(m map[string]sum, at string, p public) {
				x := m[at]
				if x.contributions == nil {
					x.contributions = map[string]bool{}
				}
				x.pence += p.pence
				if p.contribution != "" {
					x.contributions[p.contribution] = true
				}
				m[at] = x
			}
			plan := map[string]bool{}
			for _, c := range g.Cells {
				plan[c.Priority] = true
			}
			for _, p := range all {
				if p.territory != string(territory) || !plan[p.priority] || p.state == "rejected" || p.standing != "primary" && p.standing != "unvalidated" {
					continue
				}
				if place(p) == "" {
					coarse.Count++
					coarse.Pence += data.Pence(p.pence)
					continue
				}
				add(sums, p.priority+"|"+place(p), p)
				add(whole, p.priority, p)
			}
			if len(g.Cells) == 0 || g.Coarse.Count != coarse.Count || g.Coarse.Pence != coarse.Pence {
				t.Errorf("%s by %s: %d cells, withheld %+v, want %+v", territory, by, len(g.Cells), g.Coarse, coarse)
			}
			needs := map[string]float64{}
			for _, c := range g.Cells {
				at := c.Priority + "|" + c.Place
				x := sums[at]
				if int64(c.Pence) != x.pence || c.Count != int64(len(x.contributions)) {
					t.Errorf("%s %s: £%v of %d, want %d of %d", territory, at, c.Pence, c.Count, x.pence, len(x.contributions))
				}
				if by == "area" && c.Activities != len(served[at]) {
					t.Errorf("%s %s: %d activities, want %d", territory, at, c.Activities, len(served[at]))
				}
				want := data.GapBalanced
				switch n := int64(0); {
				case c.Count == 0 && c.Activities == 0:
					want = data.GapNoActivity
				case c.Count == 0:
					want = data.GapNoSupport
				default:
					for other, y := range sums {
						if strings.HasPrefix(other, c.Priority+"|") {
							n += int64(len(y.contributions))
						}
					}
					score := float64(x.pence)/float64(whole[c.Priority].pence) - *c.Need
					switch {
					case n < 10:
						want = data.GapFewData
					case c.Score == nil || *c.Score-score > 1e-9 || score-*c.Score > 1e-9 || *c.Lower > *c.Score || *c.Upper < *c.Score:
						t.Errorf("%s %s: score %v in %v to %v, want %v", territory, at, c.Score, c.Lower, c.Upper, score)
						continue
					case *c.Upper < 0:
						want = data.GapBelow
					case *c.Lower > 0:
						want = data.GapAbove
					}
				}
				if c.State != want {
					t.Errorf("%s %s is %s, want %s", territory, at, c.State, want)
				}
				states[c.State]++
				needs[c.Priority] += *c.Need
			}
			for p, n := range needs {
				if n < 0.999999 || n > 1.000001 {
					t.Errorf("%s %s: the shares of the need add up to %v", territory, p, n)
				}
			}
		}
	}
	for _, state := range data.GapStates {
		if states[state] == 0 {
			t.Errorf("no cell is %s: %v", state, states)
		}
	}
}

// reportsFind: what was planted is in the reports that offices read, and what
// must not be found is not.
func reportsFind(t *testing.T, s *postgis.Store) {
	day := data.NewDate(2026, 10, 1)
	norfolk := data.Filter{Territory: []geo.TerritoryID{"norfolk"}, AsAt: day}
	for _, tt := range []struct {
		report, has string
		want        bool
	}{
		{"threshold", "Services, planted-over (made up)", true},
		{"threshold", "Services, planted-exactly (made up)", false},
		{"threshold", "invited,norfolk,*,police,Planted Caterers Ltd (made up)", true},
		{"threshold", "invited,norfolk,*,police,Planted Cleaners Ltd (made up)", false},
		{"updates", "Services, planted-contract-1 (made up)", true},
		{"register", "Planted Trust (made up)", true},
		{"at-risk", "Bystander course that nobody supports (made up)", true},
		{"at-risk", "Advice desk that closed (made up)", false},
		{"untold", "Bystander course that nobody supports (made up)", true},
		{"schedule", "Bystander course that nobody supports (made up)", true},
		{"schedule", "Advice desk that closed (made up)", false},
		{"schedule", "Planted place of class S3 (made up)", false},
		{"what-works", "norfolk:RH1,", true},
	} {
		found := false
		for _, line := range reported(t, s, tt.report, norfolk)[1:] {
			parts := strings.Split(line, ",")
			if tt.report == "threshold" && len(parts) > 2 && parts[0] == "invited" {
				parts[2] = "*" // the buyer's name
				line = strings.Join(parts, ",")
			}
			found = found || strings.Contains(line, tt.has)
		}
		if found != tt.want {
			t.Errorf("%s: %q found %v, want %v", tt.report, tt.has, found, tt.want)
		}
	}
	for _, line := range reported(t, s, "what-works", norfolk) {
		if strings.HasPrefix(line, "norfolk,norfolk:RH1,") && !strings.Contains(line, ",0,0,0,0,0,") {
			t.Errorf("no activity serves RH1: %s", line)
		}
	}
}
