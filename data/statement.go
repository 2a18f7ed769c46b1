package data

import (
	"context"
	"slices"
	"strings"
)

// Statement is what the contributions under a filter add up to: by the state of
// their evidence, by financial year, and by other dimensions, all of it at one
// version. It is what an organisation, a contract, an activity or a place is
// told by.
type Statement struct {
	Query   string          `json:"query"` // the canonical filter
	Version int64           `json:"version"`
	Total   Figure          `json:"total"`
	States  []StateFigure   `json:"states"` // from claimed to audited; they add up to Total
	Years   []YearFigure    `json:"years"`  // financial years with contributions, the last first
	Parts   []StatementPart `json:"parts"`  // by the dimensions that were asked for, in their order
}

// StateFigure is what stands in one state of evidence.
type StateFigure struct {
	State string `json:"state"`
	Figure
}

// YearFigure is one financial year, "2025-26", by state as in [Statement].
type YearFigure struct {
	Year   string        `json:"year"`
	Total  Figure        `json:"total"`
	States []StateFigure `json:"states"`
}

// StatementPart is the total by one dimension: its largest rows, the others
// added up, and what no row shows.
type StatementPart struct {
	By          Dimension `json:"by"`
	Rows        []FlowRow `json:"rows"`
	Other       Figure    `json:"other"`
	Others      int       `json:"others"`
	Unallocated Figure    `json:"unallocated"`
	Withheld    Figure    `json:"withheld"`
}

// statementTop is how many rows a statement lists by a dimension.
const statementTop = 10

// Of is the statement's part by a dimension; empty if it was not asked for.
func (s Statement) Of(d Dimension) StatementPart {
	for _, p := range s.Parts {
		if p.By == d {
			return p
		}
	}
	return StatementPart{By: d}
}

// AskStatement asks for a statement with parts by some dimensions.
func AskStatement(ctx context.Context, src Asked, f Filter, dims ...Dimension) (Statement, error) {
	return askStatement(ctx, src, f, "", dims)
}

// AskContractStatement is [AskStatement] of one contract under a filter that
// names its parties. No dimension may be a place: what may not be shown so
// finely is not told by contract.
func AskContractStatement(ctx context.Context, src Asked, f Filter, contract string, dims ...Dimension) (Statement, error) {
	return askStatement(ctx, src, f, contract, dims)
}

func askStatement(ctx context.Context, src Asked, f Filter, contract string, dims []Dimension) (Statement, error) {
	out := Statement{Query: f.Canonical()}
	var parts []Breakdown
	err := steady(func() (same bool, err error) {
		b, err := breakdownOf(ctx, src, f, contract, ByQuarter, ByState)
		if err != nil {
			return false, err
		}
		out.Version, out.Total = b.Version, b.Total
		out.States, out.Years = byStateAndYear(b.Rows)
		parts, same = parts[:0], true
		for _, d := range dims {
			p, err := breakdownOf(ctx, src, f, contract, d)
			if err != nil {
				return false, err
			}
			parts, same = append(parts, p), same && p.Version == b.Version
		}
		return same, nil
	})
	if err != nil {
		return out, err
	}
	var rows []BreakdownRow
	for _, p := range parts {
		rows = append(rows, p.Rows...)
	}
	name, err := valueNamer(ctx, src, rows...)
	if err != nil {
		return out, err
	}
	for i, p := range parts {
		flow := NewFlow(p, nil, statementTop, name)
		out.Parts = append(out.Parts, StatementPart{dims[i], flow.Rows, flow.Other, flow.Others, flow.Unallocated, flow.Withheld})
	}
	return out, nil
}

// breakdownOf is a breakdown, of one contract if that is named: of its rows
// alone, with its own total.
func breakdownOf(ctx context.Context, src Asked, f Filter, contract string, by ...Dimension) (Breakdown, error) {
	if contract == "" {
		return src.Breakdown(ctx, f, by...)
	}
	all, err := src.Breakdown(ctx, f, append([]Dimension{ByContract}, by...)...)
	out := Breakdown{Version: all.Version, By: by}
	for _, r := range all.Rows {
		if r.Values[0] == contract {
			out.Rows = append(out.Rows, BreakdownRow{r.Values[1:], r.Figure})
			out.Total.Add(r.Figure)
		}
	}
	return out, err
}

// byStateAndYear adds up rows by quarter and state.
func byStateAndYear(rows []BreakdownRow) ([]StateFigure, []YearFigure) {
	none := func() []StateFigure {
		out := make([]StateFigure, len(CountedStates))
		for i, s := range CountedStates {
			out[i].State = s
		}
		return out
	}
	states, years := none(), []YearFigure{}
	for _, r := range rows {
		year, _, _ := strings.Cut(r.Values[0], "-Q")
		at := slices.IndexFunc(years, func(y YearFigure) bool { return y.Year == year })
		if at < 0 {
			at = len(years)
			years = append(years, YearFigure{Year: year, States: none()})
		}
		years[at].Total.Add(r.Figure)
		if i := slices.Index(CountedStates, r.Values[1]); i >= 0 {
			states[i].Add(r.Figure)
			years[at].States[i].Add(r.Figure)
		}
	}
	slices.SortFunc(years, func(a, b YearFigure) int { return strings.Compare(b.Year, a.Year) })
	return states, years
}
