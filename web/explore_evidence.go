package web

import (
	"fmt"
	"strings"

	"tributary/data"
)

// stateColours are those of the evidence states, from the least sure; the words
// always stand beside.
var stateColours = map[string]string{"claimed": "#c9d3d8", "provider_confirmed": "#8fb9bd", "evidenced": "#3f8f97", "audited": "#0d4a56", "rejected": "#a8324a", "committed": "#e9d9a6"}

// stateShort are the states in a word.
var stateShort = map[string]string{"claimed": "Claimed", "provider_confirmed": "Confirmed", "evidenced": "Evidenced", "audited": "Audited", "rejected": "Rejected", "committed": "Committed"}

// A stateBar shows how sure pounds are.
type stateBar struct {
	Parts []statePart
	Words string
}

// A statePart is the pounds in one state, drawn from X on, of 100.
type statePart struct {
	State, Word, Colour string
	Pounds              string // whole ones, of a thousand or more
	Share               string
	X, Width            string
}

// barOf draws pence by state, in the order of the states; nil where there is
// nothing.
func barOf(states data.StatePence) *stateBar {
	var total data.Pence
	for _, p := range states {
		total += p
	}
	if total <= 0 {
		return nil
	}
	b := &stateBar{}
	var words []string
	x := 0.0
	for _, state := range data.EvidenceStates {
		p := states[state]
		if p <= 0 {
			continue
		}
		share := 100 * float64(p) / float64(total)
		b.Parts = append(b.Parts, statePart{state, stateShort[state], stateColours[state], roughly(p), fixed(share, 0) + "%", fmt.Sprintf("%.2f", x), fmt.Sprintf("%.2f", share)})
		words = append(words, strings.ToLower(stateShort[state])+" "+p.String())
		x += share
	}
	b.Words = strings.Join(words, ", ")
	return b
}

// roughly is money without pence where it is a thousand pounds or more.
func roughly(p data.Pence) string {
	if p >= 1000_00 {
		p = (p + 50) / 100 * 100
	}
	return p.String()
}

// An evidence is how sure the pounds of a page are, with what is only committed
// apart.
type evidence struct {
	Bar       *stateBar
	Committed string
}

func evidenceOf(g data.Given) *evidence {
	e := &evidence{Bar: barOf(g.States)}
	if g.Committed != nil && g.Committed.Pence > 0 {
		e.Committed = roughly(g.Committed.Pence)
	}
	if e.Bar == nil && e.Committed == "" {
		return nil
	}
	return e
}
