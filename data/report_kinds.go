package data

import "fmt"

// Reports lists every report.
var Reports = []*ReportKind{
	{
		Name: "threshold", Title: "Contracts and suppliers that owe social value",
		About: "Contracts strictly over the policy's threshold, where social value is sought, and suppliers whose payments reach it within the rolling months, who are invited",
		Takes: []string{"region", "territory", "sector", "buyer", "supplier", "from", "to", "period", "as_at"},
		Columns: []Column{
			{"duty", ColumnText, "Duty"}, {"territory", ColumnText, "Territory"}, {"buyer", ColumnText, "Buyer"}, {"sector", ColumnText, "Sector"}, {"supplier", ColumnText, "Supplier"},
			{"contract_id", ColumnText, "Contract id"}, {"contract", ColumnText, "Contract"}, {"day", ColumnDay, "Since"}, {"amount", ColumnMoney, "Amount, excluding VAT"}, {"threshold", ColumnMoney, "Threshold"},
			{"commitments", ColumnCount, "Commitments"}, {"clause", ColumnYesNo, "Clause"},
		},
		say: func(r *Report, where string) string {
			sought, invited := r.having("duty", "sought"), r.having("duty", "invited")
			if sought+invited == 0 {
				return fmt.Sprintf("No contract or supplier%s is over a threshold of a policy on record.", where)
			}
			at, c := r.Kind.column("duty"), r.Kind.column("commitments")
			bare := 0
			for _, row := range r.Rows {
				if row[at] == "sought" && row[c] == int64(0) {
					bare++
				}
			}
			return fmt.Sprintf("Social value is sought in %s%s, of which %s no commitment; %s invited to give it.",
				counted(sought, "contract", "contracts"), where, hasHave(bare), isAre(invited, "supplier", "suppliers"))
		},
	},
	{
		Name: "delivery", Title: "Delivery of the plan",
		About: "For each priority of the plan in force, what was committed and what was claimed, confirmed, evidenced and audited; priorities that received nothing come first",
		Takes: []string{"region", "territory", "sector", "buyer", "supplier", "from", "to", "period", "standing", "as_at"},
		Columns: []Column{
			{"territory", ColumnText, "Territory"}, {"plan", ColumnText, "Plan"}, {"priority", ColumnText, "Priority code"}, {"name", ColumnText, "Priority"},
			{"committed", ColumnMoney, "Committed"}, {"claimed", ColumnMoney, "Claimed"}, {"provider_confirmed", ColumnMoney, "Confirmed"}, {"evidenced", ColumnMoney, "Evidenced"}, {"audited", ColumnMoney, "Audited"},
			{"total", ColumnMoney, "Total"}, {"count", ColumnCount, "Parts of contributions"}, {"activities", ColumnCount, "Activities"},
		},
		say: func(r *Report, where string) string {
			if len(r.Rows) == 0 {
				return fmt.Sprintf("There is no plan on record%s, and nothing was received.", where)
			}
			none := 0
			at, p := r.Kind.column("count"), r.Kind.column("priority")
			for _, row := range r.Rows {
				if row[p] != nil && row[at] == int64(0) {
					none++
				}
			}
			return fmt.Sprintf("%s was received%s under %s; %s nothing.", Pence(r.sum("total")).String(), where, counted(r.distinct("priority"), "priority", "priorities"), receivedBy(none, "priority", "priorities"))
		},
	},
	{
		Name: "plan", Title: "Plans, priorities and measures",
		About: "The plans in force with their priorities and the measures that serve them, by the codes that filters take",
		Takes: []string{"region", "territory", "priority", "measure", "type", "beneficiary", "as_at"},
		Columns: []Column{
			{"territory", ColumnText, "Territory"}, {"plan_id", ColumnText, "Plan id"}, {"plan", ColumnText, "Plan"}, {"priority", ColumnText, "Priority code"}, {"priority_name", ColumnText, "Priority"}, {"measure", ColumnText, "Measure code"}, {"name", ColumnText, "Measure"},
			{"types", ColumnList, "Types"}, {"units", ColumnList, "Units"}, {"beneficiaries", ColumnList, "For"}, {"target_area", ColumnText, "Target area"}, {"class", ColumnText, "Class"}, {"frameworks", ColumnList, "Near measures elsewhere"},
		},
		say: func(r *Report, where string) string {
			return fmt.Sprintf("%s on record%s, with %s and %s.", isAre(r.distinct("plan_id"), "plan", "plans"), where, counted(r.distinct("priority"), "priority", "priorities"), counted(r.distinct("measure"), "measure", "measures"))
		},
	},
	{
		Name: "rollout", Title: "Rollout",
		About: "How far the model has come in each territory: plan and policy, activities, buyers by sector, hub of the region",
		Takes: []string{"region", "territory", "as_at"},
		Columns: []Column{
			{"territory", ColumnText, "Territory id"}, {"name", ColumnText, "Territory"}, {"region", ColumnText, "Region"}, {"onboarding", ColumnText, "Onboarding"}, {"onboarded_on", ColumnDay, "Since"},
			{"body", ColumnText, "Policing body"}, {"plan", ColumnText, "Plan"}, {"policy", ColumnText, "Policy"}, {"hub", ColumnText, "Hub"},
			{"activities", ColumnCount, "Activities"}, {"validated", ColumnCount, "Validated"}, {"sectors", ColumnList, "Sectors that buy"}, {"received", ColumnMoney, "Received"},
		},
		say: func(r *Report, where string) string {
			return fmt.Sprintf("Of %s%s, %s on record, %s social value and %s of a region with a hub.", counted(len(r.Rows), "territory", "territories"), where,
				hasHaveA(r.filled("plan"), "plan"), receivedOf(r.positive("received")), isArePlain(r.filled("hub")))
		},
	},
	{
		Name: "joined-up", Title: "Sectors and priorities",
		About: "Which sectors' contracts support which priorities, and how many activities two sectors or more support",
		Takes: []string{"region", "territory", "from", "to", "period", "standing", "as_at"},
		Columns: []Column{
			{"territory", ColumnText, "Territory"}, {"sector", ColumnText, "Sector"}, {"priority", ColumnText, "Priority"}, {"total", ColumnMoney, "Total"}, {"count", ColumnCount, "Parts of contributions"},
			{"buyers", ColumnCount, "Buyers"}, {"activities", ColumnCount, "Activities"}, {"shared", ColumnCount, "Of them with another sector"},
		},
		say: func(r *Report, where string) string {
			if len(r.Rows) == 0 {
				return fmt.Sprintf("No public buyer's contract supports anything%s yet.", where)
			}
			return fmt.Sprintf("%s support %s%s.", counted(r.distinct("sector"), "sector", "sectors"), counted(r.distinct("priority"), "priority", "priorities"), where)
		},
	},
	{
		Name: "buyers", Title: "Public buyers, and who is not one yet",
		About: "Public bodies that buy for a place, by sector, and whether any of their contracts brings social value there yet",
		Takes: []string{"region", "territory", "sector", "from", "to", "period", "standing", "as_at"},
		Columns: []Column{
			{"buyer_id", ColumnText, "Id"}, {"buyer", ColumnText, "Body"}, {"sector", ColumnText, "Sector"}, {"territories", ColumnList, "Buys for"}, {"contracts", ColumnCount, "Contracts"}, {"count", ColumnCount, "Parts of contributions"},
			{"total", ColumnMoney, "Total"}, {"engaged", ColumnYesNo, "Engaged"},
		},
		say: func(r *Report, where string) string {
			if len(r.Rows) == 0 {
				return fmt.Sprintf("No public body%s is on record.", where)
			}
			return fmt.Sprintf("Of %s that buy%s, %s nothing yet.", counted(len(r.Rows), "public body", "public bodies"), where, bringBrings(r.having("engaged", false)))
		},
	},
	{
		Name: "measurement", Title: "Measured over years",
		About: "Indicators with baseline, latest value, intervals and change; longitudinal from three points on",
		Takes: []string{"region", "territory", "activity", "from", "to", "period"},
		Columns: []Column{
			{"indicator", ColumnText, "Indicator"}, {"title", ColumnText, "Title"}, {"domain", ColumnText, "Domain"}, {"unit", ColumnText, "Unit"}, {"direction", ColumnText, "Better is"}, {"subject", ColumnText, "Of"}, {"subject_id", ColumnText, "Id"},
			{"points", ColumnCount, "Points"}, {"longitudinal", ColumnYesNo, "Longitudinal"}, {"baseline_from", ColumnDay, "Baseline from"}, {"baseline", ColumnNumber, "Baseline"}, {"baseline_lower", ColumnNumber, "Lower"}, {"baseline_upper", ColumnNumber, "Upper"},
			{"latest_from", ColumnDay, "Latest from"}, {"latest", ColumnNumber, "Latest"}, {"latest_lower", ColumnNumber, "Lower"}, {"latest_upper", ColumnNumber, "Upper"}, {"change", ColumnNumber, "Change"}, {"verdict", ColumnText, "Verdict"},
		},
		say: func(r *Report, where string) string {
			if len(r.Rows) == 0 {
				return fmt.Sprintf("Nothing has been measured%s yet.", where)
			}
			return fmt.Sprintf("%s measured%s, %s over three periods or more; %s clearly better than at the start and %s clearly worse.", isAre(len(r.Rows), "indicator", "indicators"), where,
				Thousands(r.having("longitudinal", true)), isArePlain(r.having("verdict", "better")), isArePlain(r.having("verdict", "worse")))
		},
	},
	{
		Name: "savings", Title: "Estimated savings",
		About: "What agencies may have saved through activities observed at least twice, as ranges with their sources; never added to pounds that were given",
		Takes: []string{"region", "territory", "activity", "from", "to", "period"},
		Columns: []Column{
			{"agency", ColumnText, "Agency"}, {"activities", ColumnCount, "Activities"}, {"low", ColumnMoney, "Low"}, {"central", ColumnMoney, "Central"}, {"high", ColumnMoney, "High"}, {"sources", ColumnList, "Sources"}, {"grades", ColumnList, "Grades"},
		},
		say: func(r *Report, where string) string {
			if len(r.Rows) == 0 {
				return fmt.Sprintf("There is no estimate of savings%s.", where)
			}
			return fmt.Sprintf("Activities%s may have saved agencies between %s and %s: an estimate, which is not added to what was given.", where, Pence(r.sum("low")).String(), Pence(r.sum("high")).String())
		},
	},
	{
		Name: "adoption", Title: "Partners that adopted a plan's priorities",
		About: "Partners that took up a plan's policy in full or in part, and whether their shared yearly report is due",
		Takes: []string{"region", "territory", "sector", "as_at"},
		Columns: []Column{
			{"plan", ColumnText, "Plan"}, {"organisation_id", ColumnText, "Id"}, {"organisation", ColumnText, "Partner"}, {"sector", ColumnText, "Sector"}, {"extent", ColumnText, "Extent"}, {"measures", ColumnList, "Measures"}, {"mutual", ColumnYesNo, "Mutual"},
			{"adopted_on", ColumnDay, "Adopted on"}, {"ended_on", ColumnDay, "Ended on"}, {"report_due_on", ColumnDay, "Report due"}, {"last_report", ColumnCount, "Last report of"}, {"overdue", ColumnYesNo, "Overdue"},
		},
		say: func(r *Report, where string) string {
			return fmt.Sprintf("%s adopted the plan's priorities%s; %s a yearly report that is overdue.", counted(len(r.Rows), "partner has", "partners have"), where, hasHave(r.having("overdue", true)))
		},
	},
	{
		Name: "partners", Title: "Two partners side by side",
		About: "What organisations gave, or had given under their contracts, by measure, for comparing partners in one place",
		Takes: []string{"region", "territory", "area", "measure", "buyer", "from", "to", "period", "standing", "as_at"}, Needs: "buyer",
		Columns: []Column{
			{"measure", ColumnText, "Measure"}, {"name", ColumnText, "Name"}, {"organisation_id", ColumnText, "Id"}, {"organisation", ColumnText, "Partner"}, {"unit", ColumnText, "Unit"}, {"quantity", ColumnQuantity, "Quantity"}, {"total", ColumnMoney, "Total"}, {"count", ColumnCount, "Parts of contributions"},
		},
		say: func(r *Report, where string) string {
			return fmt.Sprintf("%s brought %s%s under %s.", counted(r.distinct("organisation_id"), "partner", "partners"), Pence(r.sum("total")).String(), where, counted(r.distinct("measure"), "measure", "measures"))
		},
	},
	{
		Name: "annual-review", Title: "Annual review of contracts",
		About: "For each contract in force, what it secured by measure and what was received in the time asked for, by state; what is still to come at its end, updates overdue, and the last audit. Give a year with from and to, or a buyer or a supplier for a statement of one",
		Takes: []string{"region", "territory", "sector", "buyer", "supplier", "measure", "from", "to", "period", "standing", "as_at"},
		Columns: []Column{
			{"contract_id", ColumnText, "Contract id"}, {"contract", ColumnText, "Contract"}, {"buyer", ColumnText, "Buyer"}, {"supplier", ColumnText, "Supplier"}, {"starts_on", ColumnDay, "From"}, {"ends_on", ColumnDay, "Until"}, {"clause", ColumnYesNo, "Clause"},
			{"measure", ColumnText, "Measure code"}, {"name", ColumnText, "Measure"}, {"unit", ColumnText, "Unit"}, {"committed_quantity", ColumnQuantity, "Quantity committed"}, {"quantity", ColumnQuantity, "Quantity received"},
			{"committed", ColumnMoney, "Committed"}, {"claimed", ColumnMoney, "Claimed"}, {"provider_confirmed", ColumnMoney, "Confirmed"}, {"evidenced", ColumnMoney, "Evidenced"}, {"audited", ColumnMoney, "Audited"}, {"total", ColumnMoney, "Total"},
			{"outstanding", ColumnMoney, "Still to come"}, {"outstanding_quantity", ColumnQuantity, "Quantity still to come"}, {"due_on", ColumnDay, "Due"}, {"overdue", ColumnCount, "Updates overdue"}, {"audited_on", ColumnDay, "Audited on"},
		},
		say: func(r *Report, where string) string {
			if len(r.Rows) == 0 {
				return fmt.Sprintf("No contract%s was in force.", where)
			}
			return fmt.Sprintf("%s%s secured %s; %s was received, %s of it audited, and %s is still to come.", counted(r.distinct("contract_id"), "contract", "contracts"), where,
				Pence(r.sum("committed")), Pence(r.sum("total")), Pence(r.sum("audited")), Pence(r.sum("outstanding")))
		},
	},
	{
		Name: "self-delivered", Title: "What suppliers deliver by themselves",
		About: "The share of what suppliers gave that went to no activity on record",
		Takes: []string{"region", "territory", "sector", "supplier", "from", "to", "period", "standing", "as_at"},
		Columns: []Column{
			{"territory", ColumnText, "Territory"}, {"supplier_id", ColumnText, "Id"}, {"supplier", ColumnText, "Supplier"}, {"total", ColumnMoney, "Total"}, {"alone", ColumnMoney, "Without an activity"}, {"count", ColumnCount, "Parts of contributions"}, {"count_alone", ColumnCount, "Of them without"},
		},
		say: func(r *Report, where string) string {
			all, alone := r.sum("count"), r.sum("count_alone")
			if all == 0 {
				return fmt.Sprintf("Nothing was given%s.", where)
			}
			return fmt.Sprintf("Of %s given%s, %s went to no activity on record.", Pence(r.sum("total")).String(), where, Pence(r.sum("alone")).String()+fmt.Sprintf(" (%d%% of parts)", alone*100/all))
		},
	},
	{
		Name: "at-risk", Title: "Activities at risk",
		About: "Activities whose funding ends within six months, or that received nothing in twelve",
		Takes: []string{"region", "territory", "area", "theme", "as_at"},
		Columns: []Column{
			{"activity_id", ColumnText, "Id"}, {"activity", ColumnText, "Activity"}, {"provider", ColumnText, "Provider"}, {"territory", ColumnText, "Territory"}, {"funded_until", ColumnDay, "Funded until"}, {"last_received", ColumnDay, "Last received"}, {"reason", ColumnText, "Reason"},
		},
		say: func(r *Report, where string) string {
			return fmt.Sprintf("%s at risk%s: funding ends within six months, or nothing was received in twelve.", isAre(len(r.Rows), "activity", "activities"), where)
		},
	},
	{
		Name: "untold", Title: "Activities without a story",
		About: "Validated activities of which no story was published in twelve months",
		Takes: []string{"region", "territory", "area", "theme", "as_at"},
		Columns: []Column{
			{"activity_id", ColumnText, "Id"}, {"activity", ColumnText, "Activity"}, {"provider", ColumnText, "Provider"}, {"territory", ColumnText, "Territory"}, {"last_story", ColumnDay, "Last story"},
		},
		say: func(r *Report, where string) string {
			return fmt.Sprintf("%s%s no story in the last twelve months.", counted(len(r.Rows), "validated activity", "validated activities"), where+map[bool]string{true: " has", false: " have"}[len(r.Rows) == 1])
		},
	},
	{
		Name: "updates", Title: "Progress updates",
		About: "Suppliers' progress updates, due and overdue",
		Takes: []string{"region", "territory", "sector", "buyer", "supplier", "from", "to", "period", "as_at"},
		Columns: []Column{
			{"contract_id", ColumnText, "Contract id"}, {"contract", ColumnText, "Contract"}, {"buyer", ColumnText, "Buyer"}, {"supplier", ColumnText, "Supplier"}, {"period_start", ColumnDay, "From"}, {"period_end", ColumnDay, "To"}, {"due_on", ColumnDay, "Due"}, {"submitted_on", ColumnDay, "Submitted"}, {"state", ColumnText, "State"},
		},
		say: func(r *Report, where string) string {
			return fmt.Sprintf("Of %s%s, %s overdue.", counted(len(r.Rows), "progress update", "progress updates"), where, isArePlain(r.having("state", "overdue")))
		},
	},
	{
		Name: "register", Title: "Social Value register",
		About: "Organisations that welcome an approach, with which types of contribution, and whether their word is fresh",
		Takes: []string{"region", "territory", "type", "measure", "as_at"},
		Columns: []Column{
			{"organisation_id", ColumnText, "Id"}, {"organisation", ColumnText, "Organisation"}, {"territory", ColumnText, "Territory"}, {"types", ColumnList, "Types"}, {"measures", ColumnList, "Measures"}, {"confirmed_on", ColumnDay, "Confirmed on"}, {"stale_on", ColumnDay, "Stale from"}, {"fresh", ColumnYesNo, "Fresh"},
		},
		say: func(r *Report, where string) string {
			return fmt.Sprintf("%s an approach%s; the word of %s is fresh.", counted(len(r.Rows), "organisation welcomes", "organisations welcome"), where, Thousands(r.having("fresh", true)))
		},
	},
	{
		Name: "schedule", Title: "Schedule of activities and measures",
		About: "Activities for the schedule of a tender: each with its measures, their codes and wording, and what it needs. Validated ones, or those that are named",
		Takes: []string{"region", "territory", "area", "theme", "priority", "measure", "type", "activity", "as_at"},
		Columns: []Column{
			{"activity_id", ColumnText, "Id"}, {"activity", ColumnText, "Activity"}, {"provider", ColumnText, "Provider"}, {"territories", ColumnList, "Territories"}, {"areas", ColumnList, "Areas"}, {"status", ColumnText, "Status"}, {"validated_until", ColumnDay, "Validated until"},
			{"measure", ColumnText, "Measure code"}, {"wording", ColumnText, "Measure"}, {"priority", ColumnText, "Priority"}, {"types", ColumnList, "Types"}, {"units", ColumnList, "Units"}, {"needs", ColumnList, "Needs today"},
		},
		say: func(r *Report, where string) string {
			if len(r.Rows) == 0 {
				return fmt.Sprintf("No validated activity%s serves what was asked for.", where)
			}
			return fmt.Sprintf("%s%s with %s.", counted(r.distinct("activity_id"), "activity", "activities"), where, counted(r.distinct("measure"), "measure", "measures"))
		},
	},
	{
		Name: "what-works", Title: "What works",
		About: "For each measure of a plan: how the activities that serve it have done where they were measured, and the insights that hubs and partners attached to it",
		Takes: []string{"region", "territory", "priority", "measure", "type", "beneficiary", "as_at"},
		Columns: []Column{
			{"territory", ColumnText, "Territory"}, {"measure", ColumnText, "Measure code"}, {"name", ColumnText, "Measure"}, {"priority", ColumnText, "Priority"}, {"activities", ColumnCount, "Validated activities"},
			{"measured", ColumnCount, "Indicators measured twice or more"}, {"longitudinal", ColumnCount, "Of them three times or more"}, {"better", ColumnCount, "Clearly better"}, {"worse", ColumnCount, "Clearly worse"}, {"insights", ColumnList, "Insights and resources"},
		},
		say: func(r *Report, where string) string {
			measured, insights := 0, 0
			at, in := r.Kind.column("measured"), r.Kind.column("insights")
			for _, row := range r.Rows {
				if row[at].(int64) > 0 {
					measured++
				}
				if len(row[in].([]string)) > 0 {
					insights++
				}
			}
			return fmt.Sprintf("Of %s%s, %s activities measured twice or more, and %s insights or resources.", counted(len(r.Rows), "measure", "measures"), where, hasHave(measured), hasHave(insights))
		},
	},
	{
		Name: "campus", Title: "Activities near a campus that want students",
		About: "Activities within a distance of a university's campus that its students could join: those linked to a faculty, and those that ask for time or offer experience",
		Takes: []string{"region", "territory", "theme", "as_at"}, Within: 10,
		Columns: []Column{
			{"university", ColumnText, "University"}, {"campus", ColumnText, "Campus"}, {"activity_id", ColumnText, "Id"}, {"activity", ColumnText, "Activity"}, {"provider", ColumnText, "Provider"}, {"distance_km", ColumnNumber, "Kilometres"}, {"faculties", ColumnList, "Faculties"}, {"needs", ColumnList, "Needs today"},
		},
		say: func(r *Report, where string) string {
			if len(r.Rows) == 0 {
				return fmt.Sprintf("No activity near a campus%s is on record as wanting students.", where)
			}
			return fmt.Sprintf("%s students near %s%s.", counted(r.distinct("activity_id"), "activity wants", "activities want"), counted(r.distinct("university"), "university", "universities"), where)
		},
	},
	{
		Name: "unreached", Title: "Target areas without an activity",
		About: "Target areas in force that have no validated activity in them or within a distance",
		Takes: []string{"region", "territory", "theme", "as_at"}, Within: 5,
		Columns: []Column{
			{"target_area", ColumnText, "Code"}, {"name", ColumnText, "Target area"}, {"set", ColumnText, "Set"}, {"territories", ColumnList, "Territories"}, {"areas", ColumnList, "Areas"}, {"verdict", ColumnText, "Verdict"}, {"nearest_km", ColumnNumber, "Kilometres to the nearest"}, {"nearest_id", ColumnText, "Nearest's id"}, {"nearest", ColumnText, "Nearest activity"},
		},
		say: func(r *Report, where string) string {
			s := fmt.Sprintf("%s no validated activity within reach%s.", counted(r.having("verdict", "unreached"), "target area has", "target areas have"), where)
			if n := r.having("verdict", "not drawn"); n > 0 {
				s += fmt.Sprintf(" Of %s nothing can be said, as the outlines of their areas are not loaded.", counted(n, "more", "more"))
			}
			return s
		},
	},
	{
		Name: "people", Title: "People",
		About: "How many people contributions were of, such as jobs, apprentices and people trained, by territory, measure and quarter, and by area where one territory or an area is asked for. This is the only table that counts people: fewer than 10 are withheld, and as many other figures as would give them away; all others are rounded to 5",
		Takes: []string{"region", "territory", "area", "priority", "measure", "from", "to", "period"},
		Columns: []Column{
			{"territory", ColumnText, "Territory id"}, {"name", ColumnText, "Territory"}, {"area", ColumnText, "Area code"}, {"area_name", ColumnText, "Area"}, {"measure", ColumnText, "Measure code"}, {"measure_name", ColumnText, "Measure"},
			{"quarter", ColumnDay, "Quarter from"}, {"people", ColumnCount, "People"}, {"withheld", ColumnYesNo, "Withheld"},
		},
		say: func(r *Report, where string) string {
			if len(r.Rows) == 0 {
				return fmt.Sprintf("No people were counted%s in whole quarters under these filters.", where)
			}
			return fmt.Sprintf("%s of people%s: %s withheld, because fewer than %d people stand behind it or behind another that it would give away; the others are rounded to %d.",
				counted(len(r.Rows), "count", "counts"), where, isArePlain(r.having("withheld", true)), FewPeople, PeopleRounding)
		},
	},
}

// filled counts the rows where a column has a value.
func (r *Report) filled(name string) (n int) { return len(r.Rows) - r.having(name, nil) }

// positive counts the rows where a column of whole numbers is above zero.
func (r *Report) positive(name string) (n int) {
	at := r.Kind.column(name)
	for _, row := range r.Rows {
		if v, _ := row[at].(int64); v > 0 {
			n++
		}
	}
	return n
}

func plural(n int, one, many string) string {
	if n == 1 {
		return Thousands(n) + " " + one
	}
	return Thousands(n) + " " + many
}

func hasHave(n int) string                 { return plural(n, "has", "have") }
func hasHaveA(n int, what string) string   { return plural(n, "has a "+what, "have a "+what) }
func isArePlain(n int) string              { return plural(n, "is", "are") }
func bringBrings(n int) string             { return plural(n, "brings", "bring") }
func receivedOf(n int) string              { return plural(n, "has received", "have received") }
func isAre(n int, one, many string) string { return counted(n, one+" is", many+" are") }
func receivedBy(n int, one, many string) string {
	return counted(n, one+" received", many+" received")
}
