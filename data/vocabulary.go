package data

// Sectors are the sectors of public buyers.
var Sectors = []string{"police", "council", "nhs", "fire_and_rescue", "criminal_justice", "university"}

// EvidenceStates are the states of a figure's evidence, exclusive and in
// order; totals are claimed and above. Committed stands beside, never added.
var EvidenceStates = []string{"committed", "claimed", "provider_confirmed", "evidenced", "audited", "rejected"}

// ContributionTypes are what suppliers give.
var ContributionTypes = []string{
	"employment", "work_experience_paid", "internship_paid", "apprenticeship", "training",
	"volunteering_time", "professional_advice_pro_bono", "donation_money", "donation_goods",
	"sponsorship", "in_kind", "investment", "local_supply_chain_spend", "policy_adoption",
	"certification", "champion_appointed", "awareness_initiative", "environmental",
}

// Beneficiaries are the groups that measures are for.
var Beneficiaries = []string{
	"children_and_young_adults", "ex_offenders", "perpetrators_and_offenders", "neet",
	"young_care_leavers", "people_from_target_areas", "victims_of_crime",
	"survivors_of_modern_slavery", "vulnerable_children", "parents_of_vulnerable_children",
	"people_with_drug_or_alcohol_misuse", "police_volunteers_and_families", "vcses",
	"local_businesses", "general_public",
}

// Vocabularies are the closed lists that records' fields name with "in=".
var Vocabularies = map[string][]string{
	"sectors":            Sectors,
	"contribution_types": ContributionTypes,
	"beneficiaries":      Beneficiaries,
	"organisation_kinds": {"buyer", "supplier", "provider", "university", "partner", "infrastructure_body"},
	"scales":             {"micro", "sme", "large"},
	"site_roles":         {"registered_office", "depot", "branch", "station", "campus", "hospital", "court", "prison", "other"},
	"need_statuses":      {"open", "part_met", "met", "withdrawn"},
	"decisions":          {"validated", "refused", "suspended", "withdrawn"},
	"target_area_bases":  {"deprivation", "crime", "serious_violence_assessment", "custom"},
	"extents":            {"full", "part"},
	"document_kinds":     {"pledge", "charter_commitment", "annual_report", "resource", "insight", "story", "event", "film", "press", "visit"},
	"academic_kinds":     {"student_placement", "module", "volunteering", "research"},
	"contract_kinds":     {"services", "goods", "works", "grant", "disposal", "partnership"},
	"order_states":       {"draft", "issued", "accepted", "declined", "in_delivery", "suspended", "cancelled", "delivered", "confirmed", "evidenced", "audited", "closed"},
	"audit_results":      {"met", "part_met", "not_met"},
	"claim_states":       {"claimed", "provider_confirmed", "evidenced", "audited", "rejected"},
	"additionalities":    {"additional", "continued", "in_scope"},
	"evidence_kinds":     {"photo", "letter", "receipt", "timesheet", "report", "certificate", "other"},
	"classes":            {"s0", "s1", "s2", "s3"},
	"finding_kinds":      {"same_evidence", "same_place_and_time", "over_the_whole", "inside_demise"},
	"finding_states":     {"suspected", "dismissed", "confirmed", "rectified", "upheld"},
	"directions":         {"higher", "lower"},
	"domains":            {"policing", "criminal_justice", "health", "community_care", "social_mobility", "cohesion"},
	"grades":             {"a", "b", "c"},
	"themes":             texts(Themes),
	"statuses":           texts(Statuses),
	"activity_roles":     texts(activityRoles),
	"plan_kinds":         {"police_and_crime_plan", "strategic_police_plan", "policing_plan", "local_plan"},
	"target_area_scopes": {"none", "possible", "required"},
	"finest_levels":      {"cell", "area", "territory"},
	"pillars":            {"economic", "social", "environmental"},
	"policy_scopes":      {"procurement", "partnership"},
	"body_kinds":         {"pcc", "pfcc", "mayor_ca", "mopac", "common_council", "policing_and_crime_board", "spa", "nipb"},
	"code_kinds":         {"gss", "pseudo"},
	"onboarding_states":  {"not_started", "pilot", "live"},
}

// Frameworks are the schemes that a measure may be paired with, and what each
// is. Their figures are not ours to give: TOMs proxy values may not be copied.
var Frameworks = map[string]string{
	"TOMs":    "National TOMs (Themes, Outcomes, Measures)",
	"NPPS":    "National Procurement Policy Statement",
	"PA2023":  "Procurement Act 2023",
	"PPN002":  "PPN 002, the Social Value Model",
	"SVD":     "Serious Violence Duty (Police, Crime, Sentencing and Courts Act 2022)",
	"SPPPA":   "Social Partnership and Public Procurement (Wales) Act 2023",
	"PRSA":    "Procurement Reform (Scotland) Act 2014",
	"PPN0121": "PPN 01/21 (Northern Ireland)",
	"SDG":     "Sustainable Development Goals",
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// Standings say why a part of a contribution counts, or does not. Primary and
// unvalidated count: the activity was validated on the day, or was not. In the
// contract's own scope, continued employment beyond what the policy counts,
// and employment of people who live elsewhere do not.
var Standings = []string{"primary", "unvalidated", "in_scope", "continued", "elsewhere"}
