package data

import "strings"

// classRule raises a place to class when a text holds one of its phrases.
type classRule struct {
	class      Sensitivity
	reason     string // completes "… means"
	phrases    string // separated by semicolons; lower case, no apostrophes
	unless     string // longer phrases in which the words are harmless
	exceptions [][]string
}

// classRules are the words, from domain.md 5.1 and S.I. 2021/991 regulation 2
// (the kinds of relevant accommodation). Singular stands for plural too. A
// harmless meaning must be a phrase of its own under unless, never a looser
// rule: a park shown coarsely is a nuisance, a refuge shown exactly is a
// danger.
var classRules = []classRule{
	{
		class: S3Secret, reason: "a refuge or other secret accommodation",
		phrases: "refuge",
		unless: "wildlife refuge; bird refuge; animal refuge; cat refuge; dog refuge; donkey refuge; horse refuge; hedgehog refuge; " +
			"reptile refuge; amphibian refuge; nature refuge; refuge assurance; traffic refuge; pedestrian refuge; refuge island; " +
			"mountain refuge; cyclist refuge; harbour of refuge",
	},
	{
		class: S3Secret, reason: "safe accommodation, whose address is secret",
		phrases: "safe house; safehouse; safe accommodation; safe housing; womens shelter; womans shelter; womens aid shelter; " +
			"domestic abuse shelter; domestic violence shelter; battered women; sanctuary scheme; dispersed accommodation; " +
			"dispersed refuge; dispersed housing; move on refuge; mother and baby refuge; witness protection",
	},
	{
		class: S3Secret, reason: "second-stage accommodation, whose address is secret",
		phrases: "second stage; 2nd stage",
		unless: "second stage theatre; second stage dance; second stage of; second stage at; second stage application; " +
			"second stage funding; second stage review; second stage tender; second stage bid; second stage grant",
	},
	{
		class: S3Secret, reason: "premises for people on licence, whose address is restricted by law",
		phrases: "approved premise; bail hostel; probation hostel; bail accommodation",
	},
	{
		class: S2Restricted, reason: "help for victims of domestic or sexual abuse",
		phrases: "domestic abuse; domestic violence; domestic homicide; womens aid; womans aid; coercive control; honour based abuse; " +
			"honour based violence; forced marriage; female genital mutilation; fgm; stalking; sexual assault; sexual abuse; " +
			"sexual violence; sexual health outreach; rape; sarc; idva; isva; vawg; violence against women; abuse survivor; " +
			"survivors of abuse; survivor of abuse",
		unless: "oilseed rape; rape seed; rape oil; field of rape; rape of lucrece",
	},
	{
		class: S2Restricted, reason: "help for victims of crime",
		phrases: "victim support; victim service; victims of crime; victim of crime; victim hub; support for victims; victim care",
	},
	{
		class: S2Restricted, reason: "help for people who were exploited",
		phrases: "exploitation; modern slavery; human trafficking; trafficked; trafficking; county line; forced labour; sex worker; sex work",
	},
	{
		class: S2Restricted, reason: "work with offenders",
		phrases: "offender; ex offender; offending; reoffending; probation; prison leaver; prisoner; through the gate; restorative justice; perpetrator",
		unless:  "prisoner of war; prisoners of war",
	},
	{
		class: S2Restricted, reason: "treatment of drug or alcohol dependence",
		phrases: "drug treatment; alcohol treatment; drug and alcohol; alcohol and drug; drug alcohol; drug service; alcohol service; " +
			"drug rehabilitation; alcohol rehabilitation; drug addiction; alcohol addiction; substance misuse; substance abuse; " +
			"substance use; drug misuse; alcohol misuse; needle exchange; needle and syringe; methadone; detox; alcoholics anonymous; narcotics anonymous",
		unless: "detox tea; digital detox; detox yoga",
	},
	{
		class: S2Restricted, reason: "a home for children, or for people seeking asylum",
		phrases: "childrens home; childrens residential; childrens care home; home for children; secure childrens; " +
			"asylum accommodation; asylum hotel; asylum seeker accommodation; unaccompanied asylum",
	},
	{
		class: S1Care, reason: "children or young people",
		phrases: "youth; school; children; child; young people; young person; young carer; teenager; nursery; pre school; preschool; playgroup; toddler",
		unless: "youth hostel; old school; former school; school lane; school road; school street; school hill; school close; " +
			"school house; school green; school walk; school avenue; school drive; school row; garden nursery; plant nursery; tree nursery; nursery road; nursery lane",
	},
}

type ruleStart struct {
	phrase []string
	rule   *classRule
}

// rulesByWord finds the phrases by the stem of their first word, so that a
// text costs one look-up a word however many rules there are.
var rulesByWord = indexRules()

func indexRules() map[string][]ruleStart {
	index := map[string][]ruleStart{}
	for i := range classRules {
		r := &classRules[i]
		r.exceptions = phrases(r.unless)
		for _, p := range phrases(r.phrases) {
			index[stem(p[0])] = append(index[stem(p[0])], ruleStart{p, r})
		}
	}
	return index
}

func phrases(list string) [][]string {
	var out [][]string
	for p := range strings.SplitSeq(list, ";") {
		if w := strings.Fields(p); len(w) > 0 {
			out = append(out, w)
		}
	}
	return out
}
