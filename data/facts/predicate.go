package facts

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tributary/data"
	"tributary/geo/hex"
)

// predicate says which codes of a column are kept.
type predicate struct {
	col   data.FactColumn
	keeps []uint8 // 1 or 0 by code, as long as the codes of a width are many
	some  uint64  // codes modulo 64 of which one at least is kept
	every uint64  // codes modulo 64 of which all are kept
	share float64 // of the codes, how many are kept
}

// condition is a compiled filter.
type condition struct {
	preds []predicate // those that keep least first
	box   *hex.Box
	none  bool // nothing can match
	sums  bool // sums will do where there are any
	// near is a box outside of which, segment by segment, nobody looks.
	near *hex.Box
}

// passes reports whether nobody looks at a segment.
func (c *condition) passes(s *segment) bool {
	return c.near != nil && s.sorted && !s.extent.Overlaps(*c.near)
}

// compile turns a filter into tables over the snapshot's codes. Values that no
// fact has match nothing.
func (s *Snapshot) compile(f data.Filter) condition {
	f = f.OfFacts()
	var c condition
	if f.BBox != nil {
		box := hex.NewBox(*f.BBox)
		c.box = &box
	}
	is := func(col data.FactColumn, wanted []string) { c.add(s.where(col, len(wanted) > 0, equalTo(wanted))) }
	id := func(col data.FactColumn, wanted []string) {
		c.add(s.where(col, len(wanted) > 0, equalTo(rawIDs(wanted))))
	}
	has := func(col data.FactColumn, wanted []string) { c.add(s.where(col, len(wanted) > 0, holdsOne(wanted))) }
	is(data.FactRegion, texts(f.Region))
	is(data.FactTerritory, texts(f.Territory))
	is(data.FactArea, texts(f.Area))
	is(data.FactSector, f.Sector)
	has(data.FactThemes, texts(f.Theme))
	is(data.FactPriority, f.Priority)
	is(data.FactMeasure, f.Measure)
	is(data.FactType, f.Type)
	has(data.FactBeneficiaries, f.Beneficiary)
	is(data.FactState, f.State)
	is(data.FactStanding, f.Standing)
	id(data.FactBuyer, f.Buyer)
	id(data.FactSupplier, f.Supplier)
	id(data.FactProvider, f.Provider)
	id(data.FactActivity, f.Activity)
	if len(f.TargetArea) > 0 {
		c.add(s.where(data.FactArea, true, equalTo(texts(f.InAreas))))
	}
	if len(f.Status) > 0 {
		c.add(s.where(data.FactActivity, true, equalTo(f.OfActivities)))
	}
	if f.Origin != "" {
		col, area := data.FactSupplierTerritory, data.FactSupplierArea
		if f.Origin == data.OriginBuyer {
			col, area = data.FactBuyerTerritory, data.FactBuyerArea
		}
		is(col, texts(f.OriginTerritory))
		is(area, texts(f.OriginArea))
		inRegion := equalTo(texts(f.OriginRegion))
		c.add(s.where(col, len(f.OriginRegion) > 0, func(v string) bool { return inRegion(s.regions[v]) }))
	}
	from, to := int32(math.MinInt32), int32(math.MaxInt32)
	if !f.From.IsZero() {
		from = unixDay(f.From)
	}
	if !f.To.IsZero() {
		to = unixDay(f.To)
	}
	c.add(s.where(columnDay, !f.From.IsZero() || !f.To.IsZero(), func(v string) bool { d := dayOf(v); return d >= from && d <= to }))
	slices.SortStableFunc(c.preds, func(a, b predicate) int { return cmp.Compare(a.share, b.share) })
	return c
}

func (c *condition) add(p predicate, restricts bool) {
	if !restricts {
		return
	}
	c.preds = append(c.preds, p)
	c.none = c.none || p.some == 0
}

// where compiles a test of a column's values. Null is never kept.
func (s *Snapshot) where(col data.FactColumn, restricts bool, test func(string) bool) (predicate, bool) {
	if !restricts {
		return predicate{}, false
	}
	values := s.values[col]
	size := 256
	if len(values) > 256 {
		size = max(1<<16, len(values))
	}
	p := predicate{col: col, keeps: make([]uint8, size), every: ^uint64(0)}
	kept := 0
	for code, v := range values {
		if code > 0 && test(v) {
			p.keeps[code] = 1
			p.some |= 1 << (code & 63)
			kept++
		} else {
			p.every &^= 1 << (code & 63)
		}
	}
	p.share = float64(kept) / float64(len(values))
	return p, true
}

func equalTo(wanted []string) func(string) bool {
	set := make(map[string]bool, len(wanted))
	for _, w := range wanted {
		set[w] = true
	}
	return func(v string) bool { return set[v] }
}

// holdsOne tests a set for one of the wanted members.
func holdsOne(wanted []string) func(string) bool {
	return func(v string) bool {
		for member := range strings.SplitSeq(v, "\x00") {
			if slices.Contains(wanted, member) {
				return true
			}
		}
		return false
	}
}

// rawIDs are the bytes of UUIDs; what is none is left out, as it names nothing.
func rawIDs(ids []string) (out []string) {
	for _, s := range ids {
		if id, err := uuid.Parse(s); err == nil && len(s) == 36 {
			out = append(out, string(id[:]))
		}
	}
	return out
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func unixDay(d data.Date) int32 { return int32(d.Time().Unix() / (24 * 60 * 60)) }

func dateOf(day int32) data.Date {
	return data.DateOf(time.Unix(int64(day)*24*60*60, 0).UTC())
}
