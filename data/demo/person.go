package demo

import "tributary/data"

// People are those who may be signed in as while the demonstration is tried:
// one of each role, who meet in Norfolk over the latest order under a contract
// there.
func (w *World) People() []data.DemonstrationPerson {
	supplier, provider, buyer := w.cast()
	own := func(role data.AccessRole, organisation string) data.Key {
		return data.Key{Role: role, Organisation: data.OrganisationIn(Source, organisation), Source: Source}
	}
	norfolk := []string{"norfolk"}
	return []data.DemonstrationPerson{
		{Subject: "provider", Name: "Pat Provider (made up)", About: "Runs activities in Norfolk: registers them, answers orders, confirms what was received.", Access: own(data.RoleProvider, provider)},
		{Subject: "supplier", Name: "Sam Supplier (made up)", About: "Works for a supplier: finds activities near its sites, orders, claims what it delivered.", Access: own(data.RoleSupplier, supplier)},
		{Subject: "buyer", Name: "Bo Buyer (made up)", About: "Works for a public buyer in Norfolk: contracts, what they owe, audits.", Access: own(data.RoleBuyer, buyer)},
		{Subject: "office", Name: "Olive Office (made up)", About: "Works for the policing body of Norfolk: validates activities, decides findings, gives access.", Access: data.Key{Role: data.RoleOffice, Territories: norfolk, Source: Source}},
		{Subject: "second-office", Name: "Otis Office (made up)", About: "Another of the office in Norfolk, for what two people have to agree on.", Access: data.Key{Role: data.RoleOffice, Territories: norfolk, Source: Source}},
		{Subject: "hub", Name: "Hattie Hub (made up)", About: "Works for the research hub that Norfolk belongs to: indicators and what they measure.", Access: data.Key{Role: data.RoleHub, Territories: norfolk, Source: Source}},
		{Subject: "admin", Name: "Ada Admin (made up)", About: "Runs the service: everything, everywhere.", Access: data.Key{Role: data.RoleAdmin, Source: Source}},
		{Subject: "nobody", Name: "Nat Newcomer (made up)", About: "Has never been here before, and has no access."},
	}
}

// cast are organisations that know one another: of the latest order under a
// contract in Norfolk, else of the planted cases.
func (w *World) cast() (supplier, provider, buyer string) {
	supplier, provider, buyer = "planted-supplier-1", "planted-provider", plantedBuyer
	latest := -1
	for _, o := range w.orders {
		if o.contract < 0 || o.path > 1 || int(o.issued) <= latest || w.territories[w.activities[o.activity].territory].ID != "norfolk" {
			continue
		}
		c := w.contracts[o.contract]
		latest = int(o.issued)
		supplier, provider, buyer = string(ref("supplier-%d", c.supplier+1)), string(ref("provider-%d", w.activities[o.activity].provider+1)), w.buyers[c.buyer].id
	}
	return supplier, provider, buyer
}
