package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"

	"tributary/data"
)

// askFilter is the one filter as flags.
type askFilter struct {
	Region          string `help:"Region or nation by GSS code; several joined by commas." placeholder:"CODE"`
	Territory       string `help:"Police territory by id, such as norfolk." placeholder:"ID"`
	Area            string `help:"District or other area by code." placeholder:"CODE"`
	BBox            string `help:"Box: west,south,east,north in degrees." name:"bbox" placeholder:"W,S,E,N"`
	TargetArea      string `help:"Target area." placeholder:"CODE"`
	Origin          string `help:"Whose place is the origin: supplier_site or buyer." placeholder:"ROLE"`
	OriginRegion    string `help:"Region of origin." placeholder:"CODE"`
	OriginTerritory string `help:"Territory of origin." placeholder:"ID"`
	OriginArea      string `help:"Area of origin." placeholder:"CODE"`
	Sector          string `help:"Buyer's sector: police, council, nhs, fire_and_rescue, criminal_justice, university." placeholder:"SECTOR"`
	Theme           string `help:"healthier, safer or resilient." placeholder:"THEME"`
	Priority        string `help:"Priority of a plan." placeholder:"CODE"`
	Measure         string `help:"Measure of a plan." placeholder:"CODE"`
	Type            string `help:"Type of contribution." placeholder:"TYPE"`
	Beneficiary     string `help:"Whom it is for." placeholder:"GROUP"`
	State           string `help:"State of evidence: claimed, provider_confirmed, evidenced, audited." placeholder:"STATE"`
	Status          string `help:"Status of activities." placeholder:"STATUS"`
	Standing        string `help:"primary, unvalidated, in_scope, continued or elsewhere. Default: primary,unvalidated." placeholder:"STANDING"`
	Buyer           string `help:"Buyer by id." placeholder:"ID"`
	Supplier        string `help:"Supplier by id." placeholder:"ID"`
	Provider        string `help:"Provider by id." placeholder:"ID"`
	Activity        string `help:"Activity by id." placeholder:"ID"`
	From            string `help:"First day, month or year of delivery: 2024-04-01, 2024-04, 2024." placeholder:"DAY"`
	To              string `help:"Last day, month or year of delivery." placeholder:"DAY"`
	Period          string `help:"Financial year or quarter: 2024-25, 2024-25-Q1." placeholder:"PERIOD"`
	AsAt            string `help:"Boundaries, plans and governance as they were on this day." placeholder:"DAY"`
}

// query spells the flags as a query string has them.
func (f askFilter) query() url.Values {
	out := url.Values{}
	v := reflect.ValueOf(f)
	for i, name := range data.ParamNames() {
		if s := v.Field(i).String(); s != "" {
			out.Set(name, s)
		}
	}
	return out
}

type askCmd struct {
	askFilter
	Question string            `arg:"" help:"What to ask: ${questions}."`
	With     map[string]string `help:"What the other side of a comparison is, such as --with territory=suffolk or --with period=2023-24." placeholder:"PARAMETER=VALUE" mapsep:";"`
	Site     []string          `help:"Postcodes or positions of a supplier's sites, such as 'NR1 3JU'; several with several flags." sep:"none" placeholder:"PLACE"`
	Sites    string            `help:"File of sites: CSV with a column postcode, or latitude and longitude." type:"existingfile" placeholder:"FILE"`
	Quantity string            `help:"How much is offered, with its unit: '20 hours'." placeholder:"AMOUNT"`
	Limit    int               `help:"How many activities for each site." default:"10"`
	Contract string            `help:"Contract by id, for relevant: its places and measures count." placeholder:"ID"`
	Polygon  string            `help:"Corners of an area, for relevant: '1.2 52.6,1.4 52.6,1.3 52.7'." placeholder:"CORNERS"`
	By       string            `help:"What a flow goes by: one or two dimensions, such as supplier_territory,territory or month; the places of a gap: area, target_area or cell." placeholder:"DIMENSIONS"`
	Top      int               `help:"How many rows of a flow; the others are added up. 0 is all." default:"20"`
	Within   float64           `help:"How far to look, in kilometres, for questions about distance." placeholder:"KM"`
	Res      string            `help:"Resolution of the hexagons of a gap by cell, 5 to 7." placeholder:"RES"`
	Baseline string            `help:"Indicator that a gap's need is measured by. Default: the population of towns." placeholder:"CODE"`
	JSON     bool              `help:"Print JSON, as the API answers." xor:"form"`
	CSV      bool              `help:"Print CSV, for a spreadsheet." name:"csv" xor:"form"`
}

// questions are those that are no reports.
var questions = map[string]func(*askCmd, context.Context, *console, *opened) error{
	"flow": (*askCmd).flow, "gap": (*askCmd).gap, "compare": (*askCmd).compare, "nearby": (*askCmd).nearby, "relevant": (*askCmd).relevant, "reconcile": (*askCmd).reconcile,
}

// questionList names the questions for --help.
func questionList() string {
	names := slices.Sorted(maps.Keys(questions))
	for _, k := range data.Reports {
		names = append(names, k.Name)
	}
	return strings.Join(names, ", ")
}

// Run asks the question as the API would, and prints the answer.
func (cmd *askCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	kind, ok := data.ReportNamed(cmd.Question)
	question := questions[cmd.Question]
	if !ok && question == nil {
		return data.Invalidf("question", cmd.Question, "%q is no question: ask %s", cmd.Question, questionList())
	}
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	if question != nil {
		return question(cmd, ctx, con, o)
	}
	f, _, err := data.ParseFilter(cmd.query(), data.Scope{Takes: kind.Takes, Exists: o.Exists})
	if err != nil {
		return err
	}
	if kind.Needs != "" && !f.Has(kind.Needs) {
		return data.Invalidf(kind.Needs, "", "is missing: give --%s", strings.ReplaceAll(kind.Needs, "_", "-"))
	}
	report, err := o.Report(ctx, kind, f, cmd.Within)
	if err != nil {
		return err
	}
	return cmd.print(con.out, report)
}

// flow prints where value goes.
func (cmd *askCmd) flow(ctx context.Context, con *console, o *opened) error {
	f, _, err := data.ParseFilter(cmd.query(), data.Scope{Takes: data.FactParams, Exists: o.Exists})
	if err != nil {
		return err
	}
	by, err := data.ParseDimensions(cmd.By, f)
	if err != nil {
		return err
	}
	flow, err := data.AskFlow(ctx, o, f, by, cmd.Top)
	if err != nil {
		return err
	}
	flow.Query = f.Canonical()
	if cmd.JSON {
		return printJSON(con.out, flow)
	}
	return cmd.print(con.out, flow.Report())
}

// gap prints where a territory's priorities are served, and where not.
func (cmd *askCmd) gap(ctx context.Context, con *console, o *opened) error {
	f, _, err := data.ParseFilter(cmd.query(), data.Scope{Takes: data.GapParams, Exists: o.Exists})
	if err != nil {
		return err
	}
	if cmd.By != "" && !slices.Contains(data.GapPlaces, cmd.By) {
		return data.Invalidf("by", cmd.By, "%q is nothing that gaps are told by: use %s", cmd.By, strings.Join(data.GapPlaces, ", "))
	}
	g, err := o.Gap(ctx, f, data.View{By: cmd.By, Baseline: cmd.Baseline, Res: cmd.Res})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(con.out, g)
	}
	return cmd.print(con.out, g.Report())
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func (cmd *askCmd) print(w io.Writer, r data.Report) error {
	switch {
	case cmd.JSON:
		return printJSON(w, r)
	case cmd.CSV:
		out := csv.NewWriter(w)
		var header []string
		for _, c := range r.Kind.Columns {
			header = append(header, c.CSVName())
		}
		rows := [][]string{header}
		for _, row := range r.Rows {
			rows = append(rows, texts(r.Kind, row))
		}
		return out.WriteAll(rows)
	}
	fmt.Fprintf(w, "%s\n%s\n", r.Kind.Title, r.Sentence)
	if len(r.Rows) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var header []string
	for _, c := range r.Kind.Columns {
		header = append(header, c.Title)
	}
	fmt.Fprintln(out, strings.Join(header, "\t"))
	for _, row := range r.Rows {
		fmt.Fprintln(out, strings.Join(texts(r.Kind, row), "\t"))
	}
	return out.Flush()
}

func texts(k *data.ReportKind, row []any) []string {
	out := make([]string, len(row))
	for i, v := range row {
		out[i] = k.Columns[i].Text(v)
	}
	return out
}
