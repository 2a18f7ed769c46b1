package demo

import "tributary/data"

// order is what the world keeps of a Social Purchase Order. It is issued and
// delivered within one term, and so under one contract.
type order struct {
	activity int32
	contract int32 // -1: voluntary
	term     int8
	issued   int16 // days, from the first of the six years
	accepted int16
	path     int8 // of paths
	reached  int8 // how many of the path's steps were taken
}

// paths are the ways that orders go.
var paths = [][]string{
	{"issued", "accepted", "in_delivery", "delivered", "confirmed", "evidenced", "audited", "closed"},
	{"issued", "accepted", "in_delivery", "suspended", "in_delivery", "delivered", "confirmed", "evidenced", "audited", "closed"},
	{"issued", "declined"},
	{"issued", "cancelled"},
}

func (w *World) makeOrders() {
	w.orders = make([]order, w.count(1500))
	for i := range w.orders {
		r := w.about(ofOrder, i)
		o := order{activity: int32(w.supported(r)), path: int8(weighted(r, []int{85, 5, 6, 4}))}
		o.term = int8(w.giving(r) / termDays)
		o.contract = int32(w.backing(int(o.activity), int(o.term)))
		o.issued = int16(int(o.term)*termDays + r.between(0, 15))
		o.accepted = o.issued + int16(r.between(1, 10))
		steps := len(paths[o.path])
		if o.path < 2 {
			// Old orders are closed; the latest are on their way.
			steps = min(steps, 3+int(terms-o.term)*2-r.IntN(3))
			if o.term < terms-3 && r.chance(0.1) {
				steps -= r.IntN(3)
			}
			steps = max(steps, 1)
		}
		o.reached = int8(steps)
		w.orders[i] = o
		if o.path < 2 && steps >= 3 {
			w.live = append(w.live, int32(i))
		}
	}
}

// supported draws an activity that may be given something, the first ones far
// more often; those of some kinds of work go without in some territories.
func (w *World) supported(r *random) int {
	for range 50 {
		i := r.skewed(len(w.activities))
		a := w.activities[i]
		if a.status != data.StatusDraft && (int(a.territory)+int(a.work))%9 != 0 {
			return i
		}
	}
	return 0 // a world of drafts
}

func (w *World) orderSheets() []Sheet {
	return []Sheet{
		sheet("purchase_order", len(w.orders), func(i int) []*data.PurchaseOrder { return []*data.PurchaseOrder{w.purchaseOrder(i)} }),
		sheet("order_event", len(w.orders), w.orderEvents),
	}
}

// giver is the supplier of an order, and the site that it gives from.
func (w *World) giver(r *random, contract int, lon, lat float64) (supplier, site int) {
	if contract >= 0 {
		supplier = int(w.contracts[contract].supplier)
	} else {
		supplier = r.skewed(len(w.suppliers))
	}
	return supplier, w.suppliers[supplier].nearest(lon, lat)
}

func (w *World) purchaseOrder(i int) *data.PurchaseOrder {
	o, r := w.orders[i], w.about(ofOrder, 1<<32+i)
	a := w.activities[o.activity]
	g := w.gift(r, a, nil)
	supplier, site := w.giver(r, int(o.contract), a.lon, a.lat)
	quantity, value := g.much(r)
	p := &data.PurchaseOrder{Identity: identity("order-%d", i+1), Activity: ref("demo-%d", o.activity+1), Supplier: ref("supplier-%d", supplier+1), Site: ref("site-%d-%d", supplier+1, site+1),
		Type: g.kind, Quantity: quantity, IssuedOn: w.day(int(o.issued))}
	if quantity != 0 {
		p.Unit = g.unit
	}
	if value != nil {
		p.Value = *value
	}
	if o.contract >= 0 && w.contracts[o.contract].commitments > 0 {
		p.Commitment = ref("commitment-%d-1", o.contract+1)
	}
	return p
}

func (w *World) orderEvents(i int) []*data.OrderEvent {
	o, r := w.orders[i], w.about(ofOrder, 2<<32+i)
	end := (int(o.term) + 1) * termDays
	reasons := map[string]string{"declined": "No room this season (made up).", "cancelled": "The order was placed twice (made up).", "suspended": "The hall was closed for repairs (made up)."}
	var out []*data.OrderEvent
	day := int(o.issued)
	for n, state := range paths[o.path][:o.reached] {
		switch state {
		case "issued":
		case "accepted", "declined", "cancelled":
			day = int(o.accepted)
		case "delivered":
			day = max(day, end)
		default:
			day += r.between(1, 12)
		}
		out = append(out, &data.OrderEvent{Identity: identity("event-%d-%d", i+1, n+1), Order: ref("order-%d", i+1), To: state, Day: w.day(min(day, days-1)), Reason: reasons[state]})
	}
	return out
}
