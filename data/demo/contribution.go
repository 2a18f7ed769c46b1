package demo

import (
	"fmt"

	"tributary/data"
)

// Contributions is how many there are in all.
func (w *World) Contributions() int {
	return w.Size() + len(w.planted.records["contribution"])
}

// Part is the contributions numbered from up to, but not including, to, of
// [World.Size], and the evidence for them.
func (w *World) Part(from, to int) []Sheet {
	of := func(record func(r *random, i int) data.Record) func(yield func(data.Record) bool) {
		return func(yield func(data.Record) bool) {
			r := w.about(ofContribution, from)
			for i := from; i < to; i++ {
				r.restart(w, ofContribution, i)
				if rec := record(r, i); rec != nil && !yield(rec) {
					return
				}
			}
		}
	}
	return []Sheet{
		{"contribution", of(func(r *random, i int) data.Record { return w.contribution(r, i) })},
		{"evidence", of(func(r *random, i int) data.Record {
			if e := w.evidence(w.contribution(r, i), i); e != nil {
				return e
			}
			return nil
		})},
	}
}

// Size is how many contributions there are beside the planted ones, which are
// among those asked for.
func (w *World) Size() int { return max(0, w.opt.Contributions-len(w.planted.records["contribution"])) }

// contribution makes the contribution of a number: under an order, to an
// activity without one, by the supplier itself, or freely.
func (w *World) contribution(r *random, i int) *data.Contribution {
	c := &data.Contribution{Identity: identity("contribution-%d", i+1), Additionality: "additional"}
	var day int
	switch at := r.Float64(); {
	case at < 0.45 && len(w.live) > 0:
		n := w.live[r.IntN(len(w.live))]
		o := w.orders[n]
		day = r.between(int(o.accepted)+1, (int(o.term)+1)*termDays-1)
		c.Order = ref("order-%d", n+1)
		w.toActivity(r, c, int(o.activity), int(o.contract), day)
	case at < 0.75 && len(w.activities) > 0:
		a := w.supported(r)
		day = w.giving(r)
		if closed := w.activities[a].closed; day >= closed {
			day = r.IntN(closed)
		}
		w.toActivity(r, c, a, w.backing(a, day/termDays), day)
	default:
		day = w.giving(r)
		w.byItself(r, c, day)
	}
	w.lasts(r, c, day)
	c.State = state(r, days-day)
	return c
}

// lasts says when it was delivered: within the term, as its contract is the
// term's.
func (w *World) lasts(r *random, c *data.Contribution, day int) {
	c.From = w.day(day)
	if to := min(day+r.IntN(30), day/termDays*termDays+termDays-1); r.chance(0.4) && to > day {
		c.To = w.day(to)
	}
}

// toActivity fills a contribution in that is given to an activity, mostly where
// that is.
func (w *World) toActivity(r *random, c *data.Contribution, activity, contract, day int) {
	a := w.activities[activity]
	var m data.Measure
	g := w.gift(r, a, &m)
	c.Activity = ref("demo-%d", activity+1)
	c.Measure, c.Beneficiaries = m.ExternalID, m.Beneficiaries
	supplier, site := w.giver(r, contract, a.lon, a.lat)
	w.given(r, c, g, supplier, site, contract)
	if a.class == data.S0Open {
		c.Class = "s0"
	}
	c.Title = fmt.Sprintf("%s for %s", g.title, works[a.work].name)
	switch at := r.Float64(); {
	case at < 0.80: // where the activity is
	case at < 0.90:
		lon, lat := fine(a.lon+r.NormFloat64()*0.003), fine(a.lat+r.NormFloat64()*0.002)
		c.Longitude, c.Latitude = &lon, &lat
	default:
		w.somewhere(r, c, int(a.territory))
	}
	if g.kind == "employment" || g.kind == "apprenticeship" {
		c.ResidenceArea = string(pick(r, w.towns.districts[a.territory]).Code)
		if r.chance(0.25) {
			c.Additionality = "continued"
		}
	}
}

// byItself fills in what a supplier did without an activity: near a site of
// its own, under a contract or freely.
func (w *World) byItself(r *random, c *data.Contribution, day int) {
	g := giftNamed(pick(r, free))
	contract := -1
	supplier := r.skewed(len(w.suppliers))
	if n := r.IntN(len(w.contracts) + 1); n < len(w.contracts) && r.chance(0.6) {
		if k := w.contracts[n]; day/termDays >= int(k.from) && day/termDays <= int(k.to) {
			contract, supplier = n, int(k.supplier)
		}
	}
	s := w.suppliers[supplier]
	site := r.IntN(len(s.sites))
	territory := s.sites[site].territory
	lon, lat := s.sites[site].lon, s.sites[site].lat
	if contract >= 0 {
		territory = int(w.contracts[contract].territory)
		t := w.towns.towns[w.towns.in[territory].pick(r)]
		lon, lat = t.Lon, t.Lat
		site = s.nearest(lon, lat)
	}
	w.given(r, c, g, supplier, site, contract)
	c.Title = g.title + " by the supplier itself"
	c.Class = "s0"
	if r.chance(0.5) {
		lon, lat = fine(lon+r.NormFloat64()*0.02), fine(lat+r.NormFloat64()*0.013)
		c.Longitude, c.Latitude = &lon, &lat
	} else {
		w.somewhere(r, c, territory)
	}
	if contract >= 0 && r.chance(0.04) {
		c.Additionality = "in_scope"
	}
}

// somewhere says where in other words than by a position.
func (w *World) somewhere(r *random, c *data.Contribution, territory int) {
	district := func() string { return string(pick(r, w.towns.districts[territory]).Code) }
	switch at := r.Float64(); {
	case at < 0.5:
		c.AreaCode = district()
	case at < 0.7:
		c.Territory = string(w.territories[territory].ID)
	case at < 0.92:
		first, second := district(), string(pick(r, w.towns.districts[r.IntN(len(w.territories))]).Code)
		if c.Places = []string{fmt.Sprintf("%s=%d", first, r.between(1, 9))}; second != first {
			c.Places = append(c.Places, fmt.Sprintf("%s=%d", second, r.between(1, 9)))
		}
	default:
		c.Postcode = "not told" // counts, and lies nowhere
	}
}

// given fills in who gave what.
func (w *World) given(r *random, c *data.Contribution, g gift, supplier, site, contract int) {
	c.Supplier, c.Site = ref("supplier-%d", supplier+1), ref("site-%d-%d", supplier+1, site+1)
	c.Type = g.kind
	if c.Quantity, c.Value = g.much(r); c.Quantity != 0 {
		c.Unit = g.unit
	}
	if contract < 0 {
		return
	}
	c.Contract = ref("contract-%d", contract+1)
	if n := w.contracts[contract].commitments; n > 0 && r.chance(0.7) {
		c.Commitment = ref("commitment-%d-%d", contract+1, 1+r.IntN(int(n)))
	}
}

// state is how far the evidence of something given so many days ago has come.
func state(r *random, age int) string {
	weights := []int{5, 8, 22, 63, 2}
	switch {
	case age < 60:
		weights = []int{70, 24, 5, 0, 1}
	case age < 365:
		weights = []int{20, 25, 34, 19, 2}
	}
	return data.Vocabularies["claim_states"][weighted(r, weights)]
}

// evidence supports what is evidenced or audited.
func (w *World) evidence(c *data.Contribution, i int) *data.Evidence {
	if c.State != "evidenced" && c.State != "audited" {
		return nil
	}
	kinds := data.Vocabularies["evidence_kinds"]
	h := mix(uint64(i) ^ mix(w.opt.Seed))
	end := c.To
	if end.IsZero() {
		end = c.From
	}
	return &data.Evidence{Identity: identity("evidence-%d", i+1), Contribution: data.Ref(c.ExternalID), Kind: kinds[h%uint64(len(kinds))],
		SHA256: fmt.Sprintf("%016x%016x%016x%016x", h, mix(h), mix(h+1), mix(h+2)), CapturedOn: end.AddDays(1)}
}
