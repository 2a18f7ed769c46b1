package facts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"tributary/data"
	"tributary/data/facts/factstest"
	"tributary/geo"
	"tributary/geo/hex"
)

// regions are those of the territories that the made-up facts lie in.
var regions = map[string]string{"norfolk": "E12000006", "suffolk": "E12000006", "kent": "E12000008"}

// made is a made-up fact, from few values, so that filters meet.
func made(r *rand.Rand, id int64) data.Fact {
	f := data.Fact{ID: id, Day: 19000 + int32(r.IntN(900)), Pence: int64(r.IntN(100000)), Quantity: int64(r.IntN(3) * 500)}
	if r.IntN(20) == 0 {
		f.Pence = int64(r.IntN(1e9)) * 1e4 // more than 32 bits
	}
	text := func(c data.FactColumn, values ...string) {
		if v := values[r.IntN(len(values))]; v != "null" {
			f.Values[c] = []byte(v)
		}
	}
	id16 := func(c data.FactColumn, n int) {
		if v := r.IntN(n + 1); v > 0 {
			id := org(int(c), v)
			f.Values[c] = id[:]
		}
	}
	text(data.FactUnit, "null", "hours", "trees")
	text(data.FactType, "donation_money", "volunteering_time", "employment")
	text(data.FactMeasure, "null", "norfolk:PC1", "norfolk:PC2")
	text(data.FactPriority, "null", "norfolk:preventing-crime")
	text(data.FactThemes, "", "safer", "healthier\x00safer")
	text(data.FactBeneficiaries, "", "neet", "general_public\x00neet\x00vcses")
	text(data.FactSector, "null", "police", "nhs")
	text(data.FactState, "claimed", "audited", "rejected")
	text(data.FactStanding, "primary", "unvalidated", "in_scope")
	text(data.FactSupplierTerritory, "null", "kent", "norfolk")
	text(data.FactBuyerTerritory, "null", "kent", "norfolk")
	text(data.FactSupplierArea, "null", "E07000148", "E07000145")
	text(data.FactBuyerArea, "null", "E07000148", "E07000145")
	id16(data.FactSupplier, 400)
	id16(data.FactBuyer, 3)
	id16(data.FactProvider, 5)
	id16(data.FactActivity, 5)
	id16(data.FactContract, 5)
	if n := r.IntN(60); n > 0 {
		f.Contribution = org(99, n)
	}
	// Somewhere around Norwich, in a cell of resolution 9 or 8, or less finely.
	switch r.IntN(8) {
	case 0:
	case 1:
		f.Values[data.FactRegion] = []byte("E12000006")
	default:
		text(data.FactTerritory, "norfolk", "suffolk", "kent")
		f.Values[data.FactRegion] = []byte(regions[string(f.Values[data.FactTerritory])])
		text(data.FactArea, "null", "E07000148", "E07000145")
		if r.IntN(4) > 0 {
			res := 8 + r.IntN(2)
			c, err := hex.At(orb.Point{1.2 + 0.3*r.Float64(), 52.5 + 0.3*r.Float64()}, res)
			if err != nil {
				panic(err)
			}
			f.Cell = c
		}
	}
	return f
}

func org(kind, n int) (id [16]byte) {
	id[0], id[14], id[15] = byte(kind), byte(n>>8), byte(n)
	return id
}

// naive answers from a list of facts, row by row, in the plainest way.
type naive map[int64]data.Fact

// class says what becomes of a fact under a filter: "" is left out, else in,
// unallocated or withheld.
func class(f data.Fact, q data.Filter) string {
	q = q.OfFacts()
	v := func(c data.FactColumn) string { return string(f.Values[c]) }
	one := func(c data.FactColumn, wanted []string) bool {
		return len(wanted) == 0 || f.Values[c] != nil && slices.Contains(wanted, v(c))
	}
	of := func(c data.FactColumn, wanted []string) bool {
		return len(wanted) == 0 || slices.ContainsFunc(strings.Split(v(c), "\x00"), func(m string) bool { return slices.Contains(wanted, m) })
	}
	id := func(c data.FactColumn, wanted []string) bool {
		return len(wanted) == 0 || f.Values[c] != nil && slices.Contains(wanted, uuid.UUID(f.Values[c]).String())
	}
	day := data.NewDate(1970, 1, 1).AddDays(int(f.Day))
	origin, area := data.FactSupplierTerritory, data.FactSupplierArea
	if q.Origin == data.OriginBuyer {
		origin, area = data.FactBuyerTerritory, data.FactBuyerArea
	}
	if !one(data.FactRegion, texts(q.Region)) || !one(data.FactTerritory, texts(q.Territory)) || !one(data.FactArea, texts(q.Area)) ||
		!one(data.FactSector, q.Sector) || !of(data.FactThemes, texts(q.Theme)) || !one(data.FactPriority, q.Priority) || !one(data.FactMeasure, q.Measure) ||
		!one(data.FactType, q.Type) || !of(data.FactBeneficiaries, q.Beneficiary) || !one(data.FactState, q.State) || !one(data.FactStanding, q.Standing) ||
		!id(data.FactBuyer, q.Buyer) || !id(data.FactSupplier, q.Supplier) || !id(data.FactProvider, q.Provider) || !id(data.FactActivity, q.Activity) ||
		!one(origin, texts(q.OriginTerritory)) || !one(area, texts(q.OriginArea)) || len(q.OriginRegion) > 0 && !slices.Contains(texts(q.OriginRegion), regions[v(origin)]) ||
		!q.From.IsZero() && day.Before(q.From) || !q.To.IsZero() && q.To.Before(day) {
		return ""
	}
	if q.BBox != nil {
		if f.Cell == 0 {
			return elsewhere(f)
		}
		p, err := f.Cell.Centre()
		if err != nil {
			panic(err)
		}
		if !q.BBox.Contains(p) {
			return ""
		}
	}
	return "in"
}

// elsewhere is where a fact goes that no row can show.
func elsewhere(f data.Fact) string {
	if f.Values[data.FactTerritory] == nil && f.Values[data.FactRegion] == nil {
		return "unallocated"
	}
	return "withheld"
}

func figureOf(f data.Fact) data.Figure {
	out := data.Figure{Count: 1, Pence: data.Pence(f.Pence)}
	if f.Quantity != 0 {
		out.Quantities = map[string]data.Quantity{string(f.Values[data.FactUnit]): data.Quantity(f.Quantity)}
	}
	return out
}

func (n naive) totals(q data.Filter) data.Totals {
	var out data.Totals
	contributions := map[[16]byte]bool{}
	for _, f := range n {
		c := class(f, q)
		if c == "" {
			continue
		}
		out.Total.Add(figureOf(f))
		switch {
		case c == "withheld":
			out.Withheld.Add(figureOf(f))
		case c == "unallocated" || elsewhere(f) == "unallocated":
			out.Unallocated.Add(figureOf(f))
		}
		if f.Contribution == ([16]byte{}) {
			out.Total.Contributions++
		}
		contributions[f.Contribution] = true
	}
	delete(contributions, [16]byte{})
	out.Total.Contributions += int64(len(contributions))
	return out
}

func (n naive) heat(q data.HeatQuery) data.Heat {
	var out data.Heat
	rows, coarser := map[hex.Cell]*data.HeatRow{}, map[hex.Cell]*data.HeatRow{}
	for _, f := range n {
		c := class(f, q.Filter)
		if c == "" {
			continue
		}
		fig := figureOf(f)
		fig.Quantities = nil
		quantity := data.Quantity(0)
		if q.Metric == data.MetricQuantity && string(f.Values[data.FactUnit]) == q.Unit && f.Quantity != 0 {
			quantity = data.Quantity(f.Quantity)
			fig.Quantities = map[string]data.Quantity{q.Unit: quantity}
		}
		out.Total.Add(fig)
		if c == "in" && f.Cell == 0 {
			c = elsewhere(f)
		}
		into, cell := rows, f.Cell
		switch {
		case c == "unallocated":
			out.Unallocated.Add(fig)
			continue
		case c == "withheld":
			out.Withheld.Add(fig)
			continue
		case f.Cell.Resolution() < q.Res:
			into = coarser
			out.Withheld.Add(fig)
		default:
			var err error
			if cell, err = f.Cell.Parent(q.Res); err != nil {
				panic(err)
			}
		}
		if into[cell] == nil {
			into[cell] = &data.HeatRow{Cell: cell}
		}
		into[cell].Count++
		into[cell].Pence += fig.Pence
		into[cell].Quantity += quantity
	}
	list := func(m map[hex.Cell]*data.HeatRow) []data.HeatRow {
		out := []data.HeatRow{}
		for _, r := range m {
			out = append(out, *r)
		}
		slices.SortFunc(out, func(a, b data.HeatRow) int { return cmp.Compare(a.Cell.Key(), b.Cell.Key()) })
		return out
	}
	out.Rows, out.Coarser = list(rows), list(coarser)
	return out
}

func (n naive) breakdown(q data.Filter, by ...data.Dimension) data.Breakdown {
	out := data.Breakdown{By: by}
	rows := map[string]*data.BreakdownRow{}
	for _, f := range n {
		c := class(f, q)
		if c == "" {
			continue
		}
		out.Total.Add(figureOf(f))
		groups := [][]string{nil}
		for _, d := range by {
			values := valuesOf(f, d)
			if d.OfDelivery() && values[0] == "" {
				c = elsewhere(f)
			}
			var next [][]string
			for _, g := range groups {
				for _, v := range values {
					next = append(next, append(slices.Clone(g), v))
				}
			}
			groups = next
		}
		switch c {
		case "unallocated":
			out.Unallocated.Add(figureOf(f))
			continue
		case "withheld":
			out.Withheld.Add(figureOf(f))
			continue
		}
		for _, g := range groups {
			k := strings.Join(g, "|")
			if rows[k] == nil {
				rows[k] = &data.BreakdownRow{Values: g}
			}
			rows[k].Add(figureOf(f))
		}
	}
	for _, r := range rows {
		out.Rows = append(out.Rows, *r)
	}
	slices.SortFunc(out.Rows, func(a, b data.BreakdownRow) int { return slices.Compare(a.Values, b.Values) })
	return out
}

func valuesOf(f data.Fact, d data.Dimension) []string {
	v := func(c data.FactColumn) []string { return []string{string(f.Values[c])} }
	id := func(c data.FactColumn) []string {
		if f.Values[c] == nil {
			return []string{""}
		}
		return []string{uuid.UUID(f.Values[c]).String()}
	}
	day := data.NewDate(1970, 1, 1).AddDays(int(f.Day))
	switch d {
	case data.ByTerritory:
		return v(data.FactTerritory)
	case data.ByRegion:
		return v(data.FactRegion)
	case data.ByArea:
		return v(data.FactArea)
	case data.BySector:
		return v(data.FactSector)
	case data.ByType:
		return v(data.FactType)
	case data.ByMeasure:
		return v(data.FactMeasure)
	case data.ByPriority:
		return v(data.FactPriority)
	case data.ByTheme:
		return strings.Split(string(f.Values[data.FactThemes]), "\x00")
	case data.ByBeneficiary:
		return strings.Split(string(f.Values[data.FactBeneficiaries]), "\x00")
	case data.ByState:
		return v(data.FactState)
	case data.ByStanding:
		return v(data.FactStanding)
	case data.ByMonth:
		return []string{day.String()[:7]}
	case data.ByQuarter:
		return []string{data.FinancialQuarter(day)}
	case data.BySupplier:
		return id(data.FactSupplier)
	case data.ByBuyer:
		return id(data.FactBuyer)
	case data.ByProvider:
		return id(data.FactProvider)
	case data.ByActivity:
		return id(data.FactActivity)
	case data.ByContract:
		return id(data.FactContract)
	case data.BySupplierTerritory:
		return v(data.FactSupplierTerritory)
	case data.BySupplierRegion:
		return []string{regions[v(data.FactSupplierTerritory)[0]]}
	case data.BySupplierArea:
		return v(data.FactSupplierArea)
	case data.ByBuyerArea:
		return v(data.FactBuyerArea)
	case data.ByBuyerTerritory:
		return v(data.FactBuyerTerritory)
	case data.ByBuyerRegion:
		return []string{regions[v(data.FactBuyerTerritory)[0]]}
	}
	panic(d)
}

// drawFilter is a filter of values that made facts have, and one they have not.
func drawFilter(t *rapid.T) data.Filter {
	var f data.Filter
	some := func(name string, values ...string) []string {
		if rapid.IntRange(0, 4).Draw(t, "has "+name) > 0 {
			return nil
		}
		return rapid.SliceOfNDistinct(rapid.SampledFrom(values), 1, 2, rapid.ID).Draw(t, name)
	}
	ids := func(c data.FactColumn, n int) []string {
		return some("ids", uuid.UUID(org(int(c), 1)).String(), uuid.UUID(org(int(c), n)).String(), "no-id")
	}
	for _, v := range some("region", "E12000006", "E12000008", "E12000001") {
		f.Region = append(f.Region, geo.RegionCode(v))
	}
	for _, v := range some("territory", "norfolk", "suffolk", "gwent") {
		f.Territory = append(f.Territory, geo.TerritoryID(v))
	}
	for _, v := range some("area", "E07000148", "E07000145") {
		f.Area = append(f.Area, geo.AreaCode(v))
	}
	for _, v := range some("theme", "safer", "healthier", "resilient") {
		f.Theme = append(f.Theme, data.Theme(v))
	}
	f.Sector, f.Priority = some("sector", "police", "nhs"), some("priority", "norfolk:preventing-crime")
	f.Measure, f.Type = some("measure", "norfolk:PC1", "norfolk:PC2"), some("type", "employment", "donation_money", "sponsorship")
	f.Beneficiary, f.State = some("beneficiary", "neet", "vcses"), some("state", "rejected", "claimed")
	f.Standing = some("standing", "primary", "in_scope")
	f.Supplier, f.Buyer = ids(data.FactSupplier, 300), ids(data.FactBuyer, 2)
	f.Provider, f.Activity = ids(data.FactProvider, 2), ids(data.FactActivity, 2)
	if rapid.IntRange(0, 4).Draw(t, "has origin") == 0 {
		f.Origin = rapid.SampledFrom([]string{"", data.OriginSupplierSite, data.OriginBuyer}).Draw(t, "origin")
		switch rapid.IntRange(0, 2).Draw(t, "origin is") {
		case 0:
			f.OriginTerritory = []geo.TerritoryID{"kent"}
		case 1:
			f.OriginRegion = []geo.RegionCode{"E12000006"}
		case 2:
			f.OriginArea = []geo.AreaCode{"E07000148"}
		}
	}
	if rapid.IntRange(0, 3).Draw(t, "has days") == 0 {
		f.From = data.NewDate(1970, 1, 1).AddDays(19000 + rapid.IntRange(-5, 900).Draw(t, "from"))
		if rapid.Bool().Draw(t, "has to") {
			f.To = f.From.AddDays(rapid.IntRange(0, 300).Draw(t, "days"))
		}
	}
	if rapid.IntRange(0, 2).Draw(t, "has box") == 0 {
		w, s := rapid.Float64Range(1.1, 1.5).Draw(t, "west"), rapid.Float64Range(52.4, 52.8).Draw(t, "south")
		f.BBox = &orb.Bound{Min: orb.Point{w, s}, Max: orb.Point{w + rapid.Float64Range(0.001, 0.3).Draw(t, "wide"), s + rapid.Float64Range(0.001, 0.3).Draw(t, "high")}}
	}
	return f
}

// agree holds all answers under a drawn filter against the naive ones.
func agree(t *rapid.T, s *Snapshot, n naive) {
	f := drawFilter(t)
	if rapid.IntRange(0, 3).Draw(t, "plain") == 0 {
		f = data.Filter{BBox: f.BBox}
	}
	if s.Len() != len(n) {
		t.Fatalf("%d facts, want %d", s.Len(), len(n))
	}
	totals := n.totals(f)
	totals.Version = s.Version()
	if diff := gocmp.Diff(totals, s.Totals(f)); diff != "" {
		t.Fatalf("totals of %s (-want +got):\n%s", f.Canonical(), diff)
	}
	q := data.HeatQuery{Filter: f, Res: rapid.IntRange(hex.Coarsest, hex.Finest).Draw(t, "res"), Metric: rapid.SampledFrom([]data.Metric{data.MetricCount, data.MetricPence, data.MetricQuantity}).Draw(t, "metric")}
	if q.Metric == data.MetricQuantity {
		q.Unit = rapid.SampledFrom([]string{"hours", "trees", "bricks"}).Draw(t, "unit")
	}
	heat := n.heat(q)
	heat.Version = s.Version()
	if diff := gocmp.Diff(heat, s.Heat(q)); diff != "" {
		t.Fatalf("heat of %s at %d (-want +got):\n%s", f.Canonical(), q.Res, diff)
	}
	by := rapid.SliceOfNDistinct(rapid.SampledFrom(data.Dimensions), 1, 3, rapid.ID).Draw(t, "by")
	breakdown := n.breakdown(f, by...)
	breakdown.Version = s.Version()
	if diff := gocmp.Diff(breakdown, s.Breakdown(f, by...)); diff != "" {
		t.Fatalf("%v of %s (-want +got):\n%s", by, f.Canonical(), diff)
	}
}

// loaded is a projection of made-up facts, in two parts.
func loaded(t testing.TB, fs *Facts, n naive) {
	t.Helper()
	var ids []int64
	for id := range n {
		ids = append(ids, id)
	}
	err := fs.Load(1, regions, factstest.Load(2, func(part int, add func(*data.Fact) error) error {
		for i, id := range ids {
			if f := n[id]; i%2 == part {
				if err := add(&f); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever is loaded, inserted, changed and deleted, in whatever batches, every
// answer is that of a plain loop, and answers of a snapshot do not change.
func TestAgainstAPlainLoop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := naive{}
		last := int64(0)
		for range rapid.SampledFrom([]int{0, 1, 10, 300}).Draw(t, "loaded") {
			last++
			n[last] = made(r, last)
		}
		fs := New(nil)
		fs.chunkRows, fs.freshRows = 64, 16
		var told []data.FactsTouched
		fs.Watch(func(t data.FactsTouched) { told = append(told, t) })
		err := fs.Load(1, regions, factstest.Load(1, func(_ int, add func(*data.Fact) error) error {
			for _, f := range n {
				if err := add(&f); err != nil {
					return err
				}
			}
			return nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		agree(t, fs.Snapshot(), n)
		for version := range int64(rapid.IntRange(0, 8).Draw(t, "batches")) {
			before, whole := fs.Snapshot(), n.totals(data.Filter{})
			c := data.FactChanges{Version: version + 2}
			after := naive{}
			for id, f := range n {
				after[id] = f
			}
			touched, changed := map[[16]byte]bool{}, map[int64]bool{}
			want := touchedFacts{data.FactsTouched{Version: version + 2}}
			at := func(f data.Fact) {
				want.Cells = append(want.Cells, f.Cell)
				want.Territories = append(want.Territories, string(f.Values[data.FactTerritory]))
				want.Areas = append(want.Areas, string(f.Values[data.FactArea]))
			}
			for range rapid.IntRange(0, 40).Draw(t, "changes") {
				var f data.Fact
				old := rapid.Int64Range(1, last+1).Draw(t, "id")
				switch _, ok := after[old]; {
				case !ok || r.IntN(2) == 0:
					last++
					f = made(r, last)
				case r.IntN(2) == 0: // another fact of the same id
					f = made(r, old)
					c.Gone = append(c.Gone, old)
				default:
					c.Gone = append(c.Gone, old)
					delete(after, old)
					continue
				}
				after[f.ID], changed[f.ID] = f, true
				touched[f.Contribution] = true
			}
			for id, f := range n {
				if g, kept := after[id]; !kept || changed[id] && g.ID == id {
					at(f)
				}
			}
			for id, f := range after { // with the other parts of their contributions
				switch {
				case changed[id]:
					at(f)
					c.Facts = append(c.Facts, f)
				case touched[f.Contribution]:
					c.Others = append(c.Others, f)
				}
			}
			told = nil
			if err := fs.Apply(c); err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff([]data.FactsTouched{want.tidy(version + 2)}, told, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("touched (-want +got):\n%s", diff)
			}
			if before.Version() != 1 && before.Version() != version+1 {
				t.Fatalf("version %d", before.Version())
			}
			whole.Version = before.Version()
			if diff := gocmp.Diff(whole, before.Totals(data.Filter{})); diff != "" {
				t.Fatalf("a snapshot has changed (-want +got):\n%s", diff)
			}
			n = after
			if err := fs.Settle(); err != nil {
				t.Fatal(err)
			}
			agree(t, fs.Snapshot(), n)
		}
	})
}

// As many facts as make several blocks and segments.
func TestManyFacts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	n := naive{}
	for id := range int64(6000) {
		f := made(r, id)
		// One, two or three parts make most contributions.
		f.Contribution = org(98, int(id-id%(id/1000%3+1)))
		n[id] = f
	}
	fs := New(nil)
	fs.chunkRows = 5000
	loaded(t, fs, n)
	if seg := fs.Snapshot().parts[0].seg; seg.sums == nil || len(seg.joint) == 0 {
		t.Fatal("the facts that are alike were not added up")
	}
	rapid.Check(t, func(t *rapid.T) {
		agree(t, fs.Snapshot(), n)
	})
}

func TestOddFactsAreRefused(t *testing.T) {
	fs := New(nil)
	for _, f := range []data.Fact{{ID: -1}, {ID: 1 << 41}, {ID: 1, Cell: 12345}, {ID: 1, Cell: 0x8a194ad32947fff}} {
		err := fs.Load(1, nil, factstest.Load(1, func(_ int, add func(*data.Fact) error) error { return add(&f) }))
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("fact %d:", f.ID)) {
			t.Errorf("%d in cell %x: %v, want a refusal", f.ID, int64(f.Cell), err)
		}
	}
	if fs.Snapshot() != nil {
		t.Error("a load that failed left something")
	}
}

func TestAwait(t *testing.T) {
	fs := New(nil)
	if _, err := fs.Heat(t.Context(), data.HeatQuery{Res: 6}); !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("before the first load: %v", err)
	}
	loaded(t, fs, naive{})
	done := make(chan error)
	go func() { done <- fs.Await(t.Context(), 3) }()
	for v := range int64(3) {
		if err := fs.Apply(data.FactChanges{Version: v + 1}); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := fs.Await(ctx, 4); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for what never comes: %v", err)
	}
}
