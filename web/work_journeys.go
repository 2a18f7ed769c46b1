package web

import "tributary/data"

var (
	providers = []data.AccessRole{data.RoleProvider}
	suppliers = []data.AccessRole{data.RoleSupplier}
	buyers    = []data.AccessRole{data.RoleBuyer}
	offices   = []data.AccessRole{data.RoleOffice}
	hubs      = []data.AccessRole{data.RoleHub}
	traders   = []data.AccessRole{data.RoleSupplier, data.RoleProvider, data.RoleBuyer}
)

// whereAsks are the ways to say where something is.
func whereAsks(what string) questions {
	return questions{title: "Where " + what, hint: "Give one of these. A postcode is enough for most.", draw: true, asks: []ask{
		{field: "postcode", label: "Postcode", hint: "For example NR1 3JU. The first half alone will do."},
		{field: "area_code", label: "District", hint: "Its name or code, such as Norwich or E07000148, if it happens all over a district."},
		{field: "territory", label: "Police territory", hint: "For example Norfolk, if it happens all over it."},
		{field: "latitude", label: "Latitude", hint: "If you know the position: degrees, such as 52.6309. Or take it from the map."},
		{field: "longitude", label: "Longitude", hint: "Degrees, such as 1.2974."},
	}}
}

// places asks for each of several places.
func places(q questions) questions {
	q.each = "Place"
	return q
}

// amountAsks are how much something is.
func amountAsks(title string) questions {
	return questions{title: title, hint: "Hours, people, items: say how many and of what. Money as well, or money alone.", asks: []ask{
		{field: "quantity", label: "How many"},
		{field: "unit", label: "Of what", hint: "For example hours, people, items, trees.", units: true},
		{field: "value", label: "Value in pounds", hint: "Excluding VAT."},
	}}
}

// journeys lists what people can do, in the order in which it is offered.
var journeys = []journey{
	{name: "register-activity", title: "Register an activity", kind: "activity", roles: append(providers, offices...),
		about: "An activity is something that you run for people near you. Once your policing body’s office has validated it, buyers and suppliers can support it.",
		after: "Your policing body’s office looks at it. When it is validated, buyers and suppliers find it on the map.",
		shown: "Its name, what it does, themes, measures and status. Where it is, only as finely as its class allows.",
		steps: []questions{
			{title: "What is the activity?", asks: []ask{{field: "name", label: "Name", must: true}, {field: "summary", label: "What it does, and for whom", hint: "A few sentences. No names of people, no addresses."}, {field: "url", label: "Web page", hint: "Begins with https://"}}},
			{title: "Who runs it?", asks: []ask{{field: "provider", label: "Name of the organisation"}, {field: "provider_id", label: "Its identifier", hint: "Charity number as GB-CHC-1090095, company number as GB-COH-09506232."}}},
			{title: "What is it for?", asks: []ask{{field: "themes", label: "It makes communities", hint: "Choose all that fit.", must: true}, {field: "measures", label: "Measures that it serves", hint: "Their codes, parted by semicolons, such as PC1; CC2. The plan of your territory lists them."}}},
			{title: "How finely may its place be shown?", hint: "The words of its name and summary, and its measures, may raise this; they never lower it.", asks: []ask{{field: "class", label: "Class of the place", must: true}}},
			places(whereAsks("does it happen?")),
		}},
	{name: "need", title: "Say what an activity needs", kind: "need", roles: append(providers, offices...),
		about: "Suppliers near the activity who offer just this find it first.", after: "Suppliers who offer this near the activity are shown it first.", shown: "All of it, unless the activity is secret.",
		steps: []questions{
			{title: "Which activity?", asks: []ask{{field: "activity", label: "Activity", from: "activity"}}},
			{title: "What does it need?", asks: []ask{{field: "type", label: "Kind of support"}, {field: "quantity", label: "How many"}, {field: "unit", label: "Of what", units: true}, {field: "text", label: "In your own words", hint: "No names of people, no addresses."}}},
			{title: "From when to when?", asks: []ask{{field: "open_from", label: "From"}, {field: "open_to", label: "Until"}, {field: "status", label: "Where it stands"}}},
		}},
	{name: "register-entry", title: "Welcome an approach", kind: "register_entry", roles: append(traders, offices...), own: "organisation",
		about: "The Social Value register tells buyers and suppliers who would welcome an approach, and with what. It goes stale after a year unless you confirm it.",
		after: "Your entry is in the register for a year, or until the day you gave.", shown: "Your organisation, where, and what you welcome. Never a personal address.",
		steps: []questions{
			{title: "Where, and with what?", asks: []ask{{field: "organisation", label: "Organisation", hint: "Its identifier, such as GB-CHC-1090095."}, {field: "territory", label: "Police territory", hint: "For example Norfolk.", must: true}, {field: "welcomes", label: "Would you welcome an approach?"}, {field: "types", label: "Which kinds of support suit you best?"}, {field: "measures", label: "Measures", hint: "Their codes, parted by semicolons."}, {field: "note", label: "What suits you in practice", hint: "For example: weekday mornings, groups of up to eight."}}},
			{title: "Until when does this hold?", asks: []ask{{field: "confirmed_on", label: "You confirm this on", must: true}, {field: "review_due_on", label: "Ask me again on"}}},
		}},
	{name: "funding", title: "Say how long an activity is funded", kind: "funding", roles: append(providers, offices...),
		about: "An activity whose funding ends within six months is shown as at risk, so that help can come in time.", after: "The activity’s funding is on record.", shown: "All of it, unless the activity is secret.",
		steps: []questions{
			{title: "Which activity?", asks: []ask{{field: "activity", label: "Activity", from: "activity"}}},
			{title: "Until when?", asks: []ask{{field: "funded_until", label: "Funded until"}, {field: "closed_on", label: "Or: it closed on"}, {field: "reason", label: "Why it closed"}}},
		}},
	{name: "site", title: "Add a site", kind: "site", roles: append(suppliers, data.RoleBuyer, data.RoleProvider, data.RoleOffice), own: "organisation",
		about: "A site is where your people start from. Activities near it are shown first.", after: "Activities near it can be found from here.",
		steps: []questions{
			{title: "Which site?", asks: []ask{{field: "organisation", label: "Organisation", hint: "Its identifier, such as GB-COH-09506232."}, {field: "name", label: "Name", must: true}, {field: "role", label: "What it is"}}},
			whereAsks("is it?"),
		}},
	{name: "order", title: "Start a Social Purchase Order", kind: "purchase_order", roles: suppliers, own: "supplier", given: []string{"activity"},
		about: "An order offers an activity your support, under a commitment of one of your contracts or freely. It starts as a draft, until you issue it.",
		after: "It is a draft: issue it, and the provider is asked to accept.", shown: "Nothing until something has been given under it.",
		steps: []questions{
			{title: "What do you offer?", asks: []ask{{field: "type", label: "Kind of support"}}},
			amountAsks("How much do you offer?"),
			{title: "Under which commitment, and from where?", asks: []ask{{field: "commitment", label: "Commitment", hint: "None: you give freely.", from: "commitment"}, {field: "site", label: "Site that gives", from: "site"}}},
		}},
	{name: "step", title: "Take an order a step further", kind: "order_event", roles: append(traders, offices...), given: []string{"order"},
		about: "Each step is kept for good, with its day and reason.", after: "Whoever has the next step finds it among what waits for them.",
		steps: []questions{{title: "What has happened?", asks: []ask{{field: "state", label: "The order is now"}, {field: "date", label: "On", must: true}, {field: "reason", label: "Why, or anything to add", hint: "No names of people."}}}}},
	{name: "claim", title: "Claim what you delivered", kind: "contribution", roles: suppliers, own: "supplier",
		about: "Say what you gave, where and when. It stands as claimed until the provider confirms it, evidence supports it and the contract is audited.",
		after: "It is on the map as claimed. The provider is asked to confirm it.", shown: "What, how much and when. Where, only as finely as the activity’s class allows; of a secret activity, only a sum for the territory and quarter.",
		steps: []questions{
			{title: "What is it for?", asks: []ask{{field: "title", label: "In a few words", hint: "No names of people."}, {field: "order", label: "Order", from: "purchase_order", states: []string{"accepted", "in_delivery", "suspended", "delivered", "confirmed", "evidenced"}}, {field: "contract", label: "Contract", hint: "Without an order: the contract under which you gave it, if any.", from: "contract"}}},
			{title: "What did you give?", asks: []ask{{field: "type", label: "Kind of support"}, {field: "measure", label: "Measure", hint: "Its code, such as PC5, if it serves one."}}},
			amountAsks("How much?"),
			{title: "When?", asks: []ask{{field: "delivered_from", label: "From", must: true}, {field: "delivered_to", label: "Until", hint: "If it took more than a day."}}},
			{title: "Where was it delivered?", hint: "Leave this empty if it was where the activity is.", asks: []ask{
				{field: "places", label: "Places", hint: "One a line. For several, say how it is shared by whole numbers: NR1 3JU = 2. A postcode, or a district’s name or code."}}},
			{title: "Does it count in full?", asks: []ask{{field: "additionality", label: "This is", hint: "Employment that began before the contract is continued. What the contract itself asks for is in its scope."}, {field: "residence_area", label: "For employment: the district the people live in", hint: "Its name or code, never an address."}}},
		}},
	{name: "evidence", title: "Add evidence", kind: "evidence", roles: append(suppliers, data.RoleProvider, data.RoleOffice), given: []string{"contribution"},
		about: "Keep the paper or picture yourself, and give what tells it apart: its SHA-256, which shows later that it is the same. Nothing personal is stored here.",
		after: "The claim has evidence.",
		steps: []questions{{title: "What supports the claim?", asks: []ask{{field: "kind", label: "It is a"}, {field: "sha256", label: "Its SHA-256", hint: "64 hexadecimal digits, as sha256sum prints them."}, {field: "uri", label: "Where it is kept", hint: "An https:// address, if there is one that may be known."}, {field: "captured_on", label: "Made on"}}}}},
	{name: "progress", title: "Report progress", kind: "progress_update", roles: append(suppliers, data.RoleBuyer, data.RoleOffice),
		about: "Periodic updates go alongside the contract’s other progress reports.", after: "The buyer finds it with the contract.", shown: "That it was sent, and when.",
		steps: []questions{
			{title: "Which contract and period?", asks: []ask{{field: "contract", label: "Contract", from: "contract"}, {field: "period_start", label: "From", must: true}, {field: "period_end", label: "Until", must: true}}},
			{title: "What happened?", asks: []ask{{field: "summary", label: "Summary"}, {field: "submitted_on", label: "You send it on", must: true}}},
		}},
	{name: "contract", title: "Record a contract", kind: "contract", roles: append(buyers, offices...), own: "buyer",
		about: "Record a contract, grant, disposal or partnership, so that what it owes can be followed.", after: "Say what it owes: add a commitment.", shown: "All of it, unless its class is secret.",
		steps: []questions{
			{title: "What is it?", asks: []ask{{field: "title", label: "Title"}, {field: "kind", label: "It is for"}, {field: "ocid", label: "Open Contracting id", hint: "If it has one, such as ocds-h6vhtk-012345."}}},
			{title: "With whom?", asks: []ask{{field: "buyer", label: "Buyer", hint: "Its identifier."}, {field: "supplier", label: "Supplier’s identifier", hint: "Company number as GB-COH-09506232, charity number as GB-CHC-1090095."}, {field: "supplier_name", label: "Supplier’s name"}}},
			{title: "What is it worth?", asks: []ask{{field: "value", label: "Value in pounds", hint: "Excluding VAT."}, {field: "sv_clause", label: "Does a clause secure social value?"}}},
			{title: "From when to when?", asks: []ask{{field: "signed_on", label: "Signed on"}, {field: "starts_on", label: "Starts on"}, {field: "ends_on", label: "Ends on"}, {field: "closed_on", label: "Closed on", hint: "Only after its audit."}}},
			{title: "Where is it delivered?", asks: []ask{{field: "areas", label: "Districts and territories", hint: "Their names or codes, parted by semicolons."}}},
		}},
	{name: "commitment", title: "Secure a commitment", kind: "commitment", roles: append(buyers, offices...),
		about: "The quantum of social value that a contract secures, and the clause that secures it.", after: "The supplier can place orders under it.", shown: "All of it, unless the contract is secret.",
		steps: []questions{
			{title: "Under which contract?", asks: []ask{{field: "contract", label: "Contract", from: "contract"}, {field: "clause", label: "Clause", hint: "For example Schedule 4, paragraph 2."}, {field: "measure", label: "Measure", hint: "Its code, such as CC1."}}},
			amountAsks("How much does it owe?"),
			{title: "By when?", asks: []ask{{field: "due_on", label: "Due on"}}},
		}},
	{name: "delivery-site", title: "Add a delivery site", kind: "delivery_site", roles: append(buyers, offices...),
		about: "Where a contract is delivered. What is given within the demise of a site is in the contract’s own scope, and so no social value.", after: "What is delivered on this ground is found to be in scope.",
		steps: []questions{
			{title: "Which contract and site?", asks: []ask{{field: "contract", label: "Contract", from: "contract"}, {field: "name", label: "Name of the site"}}},
			whereAsks("is it?"),
			{title: "What is its demise?", asks: []ask{{field: "demise", label: "The ground that belongs to it", hint: "Draw it on the map, or paste a GeoJSON Polygon.", draw: "polygon"}}},
		}},
	{name: "payment", title: "Record a payment", kind: "transaction", roles: append(buyers, offices...), own: "buyer",
		about: "Payments that add up to the policy’s sum within twelve months mean that the supplier is invited to give social value.", after: "If payments reach the policy’s sum, the supplier is on the list of those invited.",
		steps: []questions{
			{title: "Who paid whom?", asks: []ask{{field: "buyer", label: "Buyer", hint: "Its identifier."}, {field: "supplier", label: "Supplier’s identifier", hint: "Company number as GB-COH-09506232."}, {field: "supplier_name", label: "Supplier’s name"}, {field: "contract", label: "Under which contract", hint: "None: outside any contract.", from: "contract"}}},
			{title: "How much, and when?", asks: []ask{{field: "amount", label: "Amount in pounds", hint: "Excluding VAT."}, {field: "date", label: "Day"}}},
		}},
	{name: "audit", title: "Audit a contract", kind: "audit", roles: append(buyers, offices...), given: []string{"contract"},
		about: "Delivery is audited against what was owed before a contract closes.", after: "The contract can be closed.", shown: "The result and its day.",
		steps: []questions{{title: "What did the audit find?", asks: []ask{{field: "result", label: "What was owed was"}, {field: "opened_on", label: "Opened on"}, {field: "decided_on", label: "Decided on"}, {field: "note", label: "Note"}}}}},
	{name: "validate", title: "Decide on an activity", kind: "validation", roles: offices, given: []string{"activity"},
		about: "A validated activity has been checked against your criteria. The decision lasts until the day you give.", after: "The map shows the activity as you decided, at once.", shown: "The decision, its day, criteria and expiry.",
		steps: []questions{{title: "What do you decide?", asks: []ask{{field: "decision", label: "Decision"}, {field: "decided_on", label: "Decided on"}, {field: "expires_on", label: "It lasts until"}, {field: "criteria", label: "Criteria that it meets", hint: "One a line."}, {field: "note", label: "Note for the file", hint: "Not shown to anyone else."}}}}},
	{name: "review", title: "Decide on a finding", kind: "review", roles: offices, given: []string{"contribution", "finding", "other"},
		about: "What is suspected stays claimed until you decide. Confirmed gives the supplier the policy’s time to put it right; nothing is deleted.", after: "The figures follow your decision at once, and the supplier is told.",
		steps: []questions{{title: "What do you decide?", asks: []ask{{field: "decision", label: "The finding is"}, {field: "date", label: "On", must: true}, {field: "reason", label: "Why"}}}}},
	{name: "organisation", title: "Register an organisation", kind: "organisation", roles: append(traders, offices...),
		about: "Who you are, by your charity or company number.", after: "Others can name the organisation by its identifier.", shown: "Its name, kind and identifiers, unless it is a person’s own.",
		steps: []questions{{title: "Who is it?", asks: []ask{{field: "id", label: "Identifier", hint: "Charity number as GB-CHC-1090095, company number as GB-COH-09506232.", must: true}, {field: "name", label: "Name"}, {field: "kind", label: "It mainly is a"}, {field: "sector", label: "Sector, of a public buyer"}, {field: "vcse", label: "Voluntary, community or social enterprise?"}, {field: "scale", label: "Size"}, {field: "sole_trader", label: "One person’s own business?", hint: "Then its figures are shown no finer than a territory."}, {field: "url", label: "Web page"}}}}},
	{name: "plan", title: "Load a plan", kind: "plan", roles: offices,
		about: "The strategic plan of your policing body, by which gaps are measured.", after: "Add its priorities and measures.", shown: "All of it.",
		steps: []questions{{title: "Which plan?", asks: []ask{{field: "id", label: "Short name", hint: "Such as norfolk-2025.", must: true}, {field: "title", label: "Title"}, {field: "kind", label: "It is a"}, {field: "territories", label: "For", hint: "Territories, parted by semicolons."}, {field: "url", label: "Where it is published"}, {field: "valid_from", label: "From"}, {field: "valid_to", label: "Until"}}}}},
	{name: "priority", title: "Add a priority", kind: "priority", roles: offices, about: "An aim of a plan.", after: "Add the measures that serve it.", shown: "All of it.",
		steps: []questions{{title: "Which priority?", asks: []ask{{field: "id", label: "Short name", must: true, hint: "Such as norfolk-preventing-crime."}, {field: "plan", label: "Plan", from: "plan"}, {field: "name", label: "In the plan’s words"}, {field: "position", label: "Its number in the plan"}}}}},
	{name: "measure", title: "Add a measure", kind: "measure", roles: offices, about: "A way in which social value may be given under a priority.", after: "Activities and contributions can name it.", shown: "All of it.",
		steps: []questions{
			{title: "Which measure?", asks: []ask{{field: "id", label: "Code", must: true, hint: "Such as PC1."}, {field: "priority", label: "Priority", from: "priority"}, {field: "name", label: "In the policy’s words"}}},
			{title: "What counts?", asks: []ask{{field: "types", label: "Kinds of support"}, {field: "units", label: "Units", hint: "Parted by semicolons."}, {field: "beneficiaries", label: "For whom"}, {field: "pillar", label: "Pillar"}, {field: "class", label: "Class of activities that it serves", hint: "The least sensitive that they may be."}, {field: "frameworks", label: "Codes in frameworks", hint: "Such as TOMs:NT28; PPN002:6a."}}},
		}},
	{name: "policy", title: "Load a policy", kind: "policy", roles: offices, about: "What the social value policy of a plan fixes. What it leaves open stays empty: nobody invents it.", after: "Thresholds and periods follow it from its first day.", shown: "All of it.",
		steps: []questions{
			{title: "Which policy?", asks: []ask{{field: "plan", label: "Plan", from: "plan"}, {field: "title", label: "Title"}, {field: "url", label: "Where it is published"}, {field: "valid_from", label: "From"}, {field: "valid_to", label: "Until"}}},
			{title: "What does it fix?", asks: []ask{{field: "contract_over", label: "Contracts over", hint: "Pounds, excluding VAT: social value is sought."}, {field: "rolling_value", label: "Payments reaching", hint: "Pounds within the months below: invited."}, {field: "rolling_months", label: "Months"}, {field: "grace_days", label: "Days of grace"}, {field: "update_days", label: "Days until an update is due"}, {field: "continued_fraction", label: "What continued employment counts", hint: "A fraction such as 1/2."}}},
		}},
	{name: "policing-body", title: "Add a policing body", kind: "policing_body",
		about: "Whoever answers for the policing of a territory: a commissioner, a mayor, a board.", after: "Say which territory it governs, and from when.", shown: "All of it.",
		steps: []questions{{title: "Which body?", asks: []ask{{field: "id", label: "Short name", hint: "Such as norfolk-pcc.", must: true}, {field: "name", label: "Name"}, {field: "kind", label: "It is a"}, {field: "url", label: "Web page"}, {field: "planned_end", label: "Change that is announced", hint: "In words, such as May 2028 (subject to legislation)."}}}}},
	{name: "governance", title: "Change who governs a territory", kind: "governance", roles: offices,
		about: "A row from a day on. Whoever governed the territory before does so until that day: nobody has to change their row.", after: "The territory’s page names the new body from its first day.", shown: "All of it.",
		steps: []questions{{title: "Who governs which territory, from when?", asks: []ask{{field: "territory", label: "Police territory", hint: "For example Norfolk."}, {field: "body", label: "Policing body", hint: "Its short name, such as norfolk-pcc."}, {field: "holder", label: "Who holds the office", hint: "As it is published."}, {field: "valid_from", label: "From", must: true}, {field: "valid_to", label: "Until", hint: "Leave it empty: the next row ends this one."}}}}},
	{name: "hub", title: "Commission a hub", kind: "hub",
		about: "A regional research hub, hosted by a university. A region has one that is active.", after: "Add the indicators that it measures.", shown: "All of it.",
		steps: []questions{{title: "Which hub?", asks: []ask{{field: "region", label: "Region", hint: "Its code, such as E12000006."}, {field: "host", label: "Host", hint: "The university’s identifier."}, {field: "lead", label: "Led by", hint: "A role, not a person."}, {field: "commissioned_on", label: "Commissioned on"}, {field: "ended_on", label: "Ended on"}}}}},
	{name: "target-areas", title: "Choose target areas", kind: "target_area_set", roles: offices, about: "A set of areas in need. One that is not public steers your own answers alone.", after: "Add its areas.", shown: "All of it, if the set is public.",
		steps: []questions{{title: "Which set?", asks: []ask{{field: "plan", label: "Plan", from: "plan"}, {field: "name", label: "Name"}, {field: "basis", label: "Chosen by"}, {field: "public", label: "May anyone see it?"}, {field: "valid_from", label: "From"}, {field: "valid_to", label: "Until"}}}}},
	{name: "target-area", title: "Add a target area", kind: "target_area", roles: offices, about: "One area of a set, by the districts that it is made of.", after: "Gaps and reports take it into account.", shown: "All of it, if its set is public.",
		steps: []questions{{title: "Which area?", asks: []ask{{field: "set", label: "Set", from: "target_area_set"}, {field: "label", label: "Name"}, {field: "areas", label: "Districts", hint: "Their codes, parted by semicolons. Or choose them on the map.", draw: "areas"}}}}},
	{name: "adoption", title: "Record a partner", kind: "adoption", roles: append(buyers, offices...), own: "organisation", about: "A partner that takes up a plan’s priorities, in full or in part.", after: "The partner’s yearly report is due a year later, where reports are shared.", shown: "All of it.",
		steps: []questions{{title: "Who adopts what?", asks: []ask{{field: "organisation", label: "Partner", hint: "Its identifier."}, {field: "plan", label: "Plan", hint: "Its short name, such as norfolk-2025."}, {field: "extent", label: "How far"}, {field: "measures", label: "Measures, if in part", hint: "Codes, parted by semicolons."}, {field: "mutual", label: "Are yearly reports shared both ways?"}, {field: "adopted_on", label: "From"}, {field: "ended_on", label: "Until"}}}}},
	{name: "document", title: "Publish a story or document", kind: "document", roles: append(traders, offices...), about: "Stories, pledges, charter commitments, yearly reports, resources. A story about an activity needs the consent of those in it.", after: "It is shown with the place or activity that it is about.", shown: "All of it; a story of an activity only with consent.",
		steps: []questions{
			{title: "What is it?", asks: []ask{{field: "kind", label: "It is a"}, {field: "title", label: "Title"}, {field: "text", label: "Text", hint: "No names of people who have not agreed."}, {field: "url", label: "Where it can be read"}, {field: "published_on", label: "Published on"}}},
			{title: "What is it about?", asks: []ask{{field: "activity", label: "Activity", from: "activity"}, {field: "territory", label: "Police territory"}, {field: "year", label: "Year, of a yearly report"}, {field: "consent", label: "Where consent is recorded", hint: "A reference of yours, not a name."}}},
		}},
	{name: "indicator", title: "Add an indicator", kind: "indicator", roles: hubs, about: "Something that your hub measures over years.", after: "Add what you observe.", shown: "All of it.",
		steps: []questions{{title: "What do you measure?", asks: []ask{{field: "id", label: "Short name", must: true}, {field: "title", label: "Title"}, {field: "unit", label: "Unit"}, {field: "direction", label: "Better is"}, {field: "domain", label: "Domain"}, {field: "source_of", label: "Source"}}}}},
	{name: "observation", title: "Record an observation", kind: "observation", roles: hubs, about: "A value of an indicator in a period, with its interval.", after: "It is in the series once it is published.", shown: "Once you say that it is published.",
		steps: []questions{
			{title: "Of what?", asks: []ask{{field: "indicator", label: "Indicator", from: "indicator"}, {field: "territory", label: "Police territory", must: true}}},
			{title: "What did you find?", asks: []ask{{field: "period_start", label: "From"}, {field: "period_end", label: "Until"}, {field: "value", label: "Value"}, {field: "lower", label: "Interval from"}, {field: "upper", label: "Interval to"}, {field: "n", label: "How many it rests on"}, {field: "published", label: "May anyone see it?"}}},
		}},
}
