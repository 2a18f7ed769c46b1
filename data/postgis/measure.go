package postgis

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var sqlMeasureCodes = query("measure_codes")

// measures are the measures of the plans that are loaded.
type measures struct {
	classes map[string]data.Sensitivity // default class by code
	codes   map[string]string           // code by spelling: the code, and its last part where only one plan has it
}

func loadMeasures(ctx context.Context, tx pgx.Tx) (measures, error) {
	m := measures{classes: map[string]data.Sensitivity{}, codes: map[string]string{}}
	rows, err := tx.Query(ctx, sqlMeasureCodes)
	if err != nil {
		return m, err
	}
	var code string
	var class int16
	_, err = pgx.ForEachRow(rows, []any{&code, &class}, func() error {
		m.classes[code] = data.Sensitivity(class)
		return nil
	})
	short := map[string]int{}
	last := func(code string) string { return strings.ToLower(code[strings.LastIndexByte(code, ':')+1:]) }
	for code := range m.classes {
		m.codes[strings.ToLower(code)] = code
		short[last(code)]++
	}
	for code := range m.classes {
		if s := last(code); short[s] == 1 {
			m.codes[s] = code
		}
	}
	return m, err
}

// code finds a measure's full code.
func (m measures) code(spelt string) (string, *data.Invalid) {
	code, ok := m.codes[strings.ToLower(spelt)]
	if !ok {
		return "", data.Invalidf("measure", spelt, "%q is no measure of a plan that is loaded: give a code such as norfolk:PC1, or leave it empty", spelt)
	}
	return code, nil
}

// resolve replaces the record's measures by their full codes, all that are
// known, and says which is not: a refused row is classed by the others.
func (m measures) resolve(r *data.ActivityRecord) (bad *data.Invalid) {
	for i, spelt := range r.Measures {
		code, wrong := m.code(spelt)
		if wrong != nil {
			if bad == nil {
				bad = wrong
			}
			continue
		}
		r.Measures[i] = code
	}
	return bad
}
