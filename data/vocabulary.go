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
