package postgis

import (
	"strings"
	"sync"

	"tributary/data"
	"tributary/data/reference"
)

// measureClasses gives the default class of every measure by its code.
var measureClasses = sync.OnceValue(func() map[string]data.Sensitivity {
	classes := map[string]data.Sensitivity{}
	for _, p := range reference.Plans() {
		for _, m := range p.Measures {
			classes[m.Code] = m.Class
		}
	}
	return classes
})

// measureCodes gives every measure's full code by its spellings: the code, and
// its last part where only one plan has it.
var measureCodes = sync.OnceValue(func() map[string]string {
	codes, short := map[string]string{}, map[string]int{}
	for code := range measureClasses() {
		codes[strings.ToLower(code)] = code
		short[strings.ToLower(code[strings.LastIndexByte(code, ':')+1:])]++
	}
	for code := range measureClasses() {
		if s := strings.ToLower(code[strings.LastIndexByte(code, ':')+1:]); short[s] == 1 {
			codes[s] = code
		}
	}
	return codes
})

// resolveMeasures replaces the record's measures by their full codes, all that
// are known, and says which is not: a refused row is classed by the others.
func resolveMeasures(r *data.ActivityRecord) (bad *data.Invalid) {
	for i, m := range r.Measures {
		code, ok := measureCodes()[strings.ToLower(m)]
		if !ok {
			if bad == nil {
				bad = data.Invalidf("measure", m, "%q is no measure of a plan that is loaded: give a code such as norfolk:PC1, or leave it empty", m)
			}
			continue
		}
		r.Measures[i] = code
	}
	return bad
}
