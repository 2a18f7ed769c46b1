package demo

import (
	"fmt"
	"math"

	"tributary/data"
)

// contract is what the world keeps of a contract.
type contract struct {
	buyer, supplier int32
	territory       int16
	from, to        int16 // terms; it ends with the last day of to
	kind            string
	value           data.Pence
	commitments     int8
	closed          bool
}

// policyPence is what a contract must be worth more than for its policy to
// seek social value.
const policyPence = 500_000

func (w *World) makeContracts() {
	w.contracts = make([]contract, w.count(400))
	w.running = make([][terms][]int32, len(w.territories))
	for i := range w.contracts {
		r := w.about(ofContract, i)
		c := contract{buyer: int32(r.IntN(len(w.buyers))), supplier: int32(r.skewed(len(w.suppliers))), kind: pick(r, []string{"services", "services", "services", "goods", "works", "grant", "disposal", "partnership"})}
		c.territory = int16(w.buyers[c.buyer].territory)
		c.from = int16(r.IntN(terms))
		c.to = c.from + int16(r.between(3, 15))
		if c.kind != "partnership" {
			c.value = data.Pence(math.Round(r.around(60_000, 1.4)/50)) * 5000
		}
		if c.value > policyPence && r.chance(0.9) || r.chance(0.15) {
			c.commitments = int8(r.between(1, 3))
		}
		c.closed = c.to < terms-1 && r.chance(0.8)
		w.contracts[i] = c
		for t := c.from; t <= min(c.to, terms-1); t++ {
			w.running[c.territory][t] = append(w.running[c.territory][t], int32(i))
		}
	}
}

// backing is the contract under which an activity is supported in a term, or
// -1: one at a time, so that nothing is counted twice by chance.
func (w *World) backing(activity, term int) int {
	in := w.running[w.activities[activity].territory][term]
	h := mix(w.opt.Seed ^ mix(ofTerm<<48^uint64(activity)<<8^uint64(term)))
	if len(in) == 0 || h%8 == 0 {
		return -1
	}
	return int(in[(h>>8)%uint64(len(in))])
}

func (w *World) contractSheets() []Sheet {
	n := len(w.contracts)
	return []Sheet{
		sheet("contract", n, w.contractRecords),
		sheet("delivery_site", n, w.deliverySites),
		sheet("transaction", w.count(600), w.transactions),
		sheet("commitment", n, w.commitments),
		sheet("progress_update", n, w.progressUpdates),
		sheet("audit", n, w.audits),
		sheet("adoption", len(w.buyers), w.adoptions),
	}
}

func (w *World) contractRecords(i int) []*data.Contract {
	c := w.contracts[i]
	b := w.buyers[c.buyer]
	titles := map[string]string{"services": "Services", "goods": "Supplies", "works": "Building works", "grant": "Grant", "disposal": "Sale of surplus equipment", "partnership": "Partnership"}
	areas := b.districts
	if len(areas) == 0 {
		areas = []string{string(w.territories[b.territory].ID)}
	}
	k := &data.Contract{Identity: identity("contract-%d", i+1), Kind: c.kind, Buyer: data.Ref(b.id), Supplier: ref("supplier-%d", c.supplier+1),
		Title: fmt.Sprintf("%s %d (made up)", titles[c.kind], i+1), Value: c.value, SVClause: c.commitments > 0, Areas: areas,
		SignedOn: w.day(int(c.from)*termDays - 20), StartsOn: w.day(int(c.from) * termDays), EndsOn: w.day(int(c.to+1)*termDays - 1)}
	if c.closed {
		k.ClosedOn = w.day(int(c.to+1) * termDays)
	}
	return []*data.Contract{k}
}

// deliverySites are given for every third contract.
func (w *World) deliverySites(i int) []*data.DeliverySite {
	if i%3 != 0 {
		return nil
	}
	c := w.contracts[i]
	r := w.about(ofSite, 1<<24+i)
	t := w.towns.towns[w.towns.in[c.territory].pick(r)]
	lon, lat := t.near(r)
	return []*data.DeliverySite{{Identity: identity("delivery-site-%d", i+1), Contract: ref("contract-%d", i+1), Name: t.Name + " (made up)", Where: data.Where{Longitude: &lon, Latitude: &lat}}}
}

// transactions are payments, many of them small and outside any contract.
func (w *World) transactions(i int) []*data.Transaction {
	r := w.about(ofTransaction, i)
	c := w.contracts[r.IntN(len(w.contracts))]
	return []*data.Transaction{{Identity: identity("transaction-%d", i+1), Buyer: data.Ref(w.buyers[c.buyer].id), Supplier: ref("supplier-%d", c.supplier+1),
		Day: w.day(r.IntN(days)), Amount: data.Pence(math.Round(r.around(900, 0.9))) * 100}}
}

// promise is the gift that a contract's nth commitment is for.
func (w *World) promise(contract, n int) (g gift, quantity data.Quantity, value data.Pence) {
	r := w.about(ofCommitment, contract<<2|n)
	g = giftNamed(pick(r, free))
	quantity, pounds := g.much(r)
	if pounds != nil {
		value = *pounds * 8
	}
	return g, quantity * 8, value
}

func (w *World) commitments(i int) []*data.Commitment {
	c := w.contracts[i]
	var out []*data.Commitment
	for n := range int(c.commitments) {
		g, quantity, value := w.promise(i, n)
		k := &data.Commitment{Identity: identity("commitment-%d-%d", i+1, n+1), Contract: ref("contract-%d", i+1), Quantity: quantity, Value: value,
			DueOn: w.day(int(c.to+1)*termDays - 1), Clause: fmt.Sprintf("Schedule 7, clause %d", n+1)}
		if quantity != 0 {
			k.Unit = g.unit
		}
		out = append(out, k)
	}
	return out
}

// progressUpdates are due after every term; some come late, some are missing.
func (w *World) progressUpdates(i int) []*data.ProgressUpdate {
	c, r := w.contracts[i], w.about(ofUpdate, i)
	if c.commitments == 0 {
		return nil
	}
	var out []*data.ProgressUpdate
	for t := int(c.from); t <= min(int(c.to), terms-1); t += 2 {
		end := (t+2)*termDays - 1
		u := &data.ProgressUpdate{Identity: identity("update-%d-%d", i+1, t), Contract: ref("contract-%d", i+1), PeriodStart: w.day(t * termDays), PeriodEnd: w.day(end), DueOn: w.day(end + 28)}
		if sent := end + r.between(3, 40); sent < days && r.chance(0.93) {
			u.SubmittedOn, u.Summary = w.day(sent), "Going to plan (made up)."
		}
		out = append(out, u)
	}
	return out
}

func (w *World) audits(i int) []*data.Audit {
	c, r := w.contracts[i], w.about(ofUpdate, 1<<24+i)
	if !c.closed {
		return nil
	}
	end := int(c.to+1) * termDays
	return []*data.Audit{{Identity: identity("audit-%d", i+1), Contract: ref("contract-%d", i+1), OpenedOn: w.day(end - 40), DecidedOn: w.day(end - 5),
		Result: pick(r, []string{"met", "met", "met", "part_met", "not_met"}), Note: "Made up."}}
}

// adoptions: some buyers take up the plan of their territory's police.
func (w *World) adoptions(i int) []*data.Adoption {
	b, r := w.buyers[i], w.about(ofBuyer, 1<<24+i)
	if b.sector == "police" || !r.chance(0.3) {
		return nil
	}
	day := r.IntN(days)
	return []*data.Adoption{{Identity: identity("adoption-%s", b.id), Organisation: data.Ref(b.id), Plan: w.planID(b.territory), Extent: "full", Mutual: r.chance(0.5),
		AdoptedOn: w.day(day), ReportDueOn: w.day(day/365*365 + 365*2)}}
}
