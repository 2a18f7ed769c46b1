package web

import (
	"net/http"
	"slices"

	"tributary/data"
)

// reportAnswer is the JSON of a report, for the API's description; its rows
// are objects by the report's columns.
type reportAnswer struct {
	Query    string           `json:"query"`
	AsAt     data.Date        `json:"as_at"`
	Sentence string           `json:"sentence"`
	Rows     []map[string]any `json:"rows"`
}

// reports are the routes of every report.
func (s *Server) reports() []route {
	out := make([]route, len(data.Reports))
	for i, k := range data.Reports {
		out[i] = route{
			path: "/api/v1/" + k.Name + "{table}", kind: kindAPI, filter: k.Takes, view: viewOf(k), forms: []string{typeJSON, typeCSV, typeXLSX},
			answer: reportAnswer{}, summary: k.About,
			handle: func(w http.ResponseWriter, r *http.Request) error { return s.report(w, r, k) },
		}
	}
	return out
}

// viewOf names the view parameters of a report.
func viewOf(k *data.ReportKind) []string {
	if k.Within > 0 {
		return []string{"within"}
	}
	return nil
}

// askReport asks what a request wants of a report.
func (s *Server) askReport(r *http.Request, k *data.ReportKind) (asked, data.Report, error) {
	q, err := s.ask(r, k.Takes, viewOf(k)...)
	if err != nil {
		return q, data.Report{}, err
	}
	if k.Needs != "" && !q.filter.Has(k.Needs) {
		return q, data.Report{}, data.Invalidf(k.Needs, "", "is missing: this report is about one or more; give their ids, joined by commas")
	}
	report, err := s.src.Report(r.Context(), k, q.filter, q.view.Within)
	return q, report, err
}

func (s *Server) report(w http.ResponseWriter, r *http.Request, k *data.ReportKind) error {
	q, report, err := s.askReport(r, k)
	if err != nil {
		return err
	}
	if tabular(q.format) {
		return reportTable(w, q.format, report)
	}
	return writeJSON(w, report)
}

func reportTable(w http.ResponseWriter, format string, report data.Report) error {
	header := make([]string, len(report.Kind.Columns))
	for i, c := range report.Kind.Columns {
		header[i] = c.CSVName()
	}
	out, err := newTable(w, format, report.Kind.Name, slices.Concat(header, []string{"as_at", "query"})...)
	if err != nil {
		return err
	}
	for _, row := range report.Rows {
		cells := make([]any, len(row), len(row)+2)
		for i, v := range row {
			cells[i] = report.Kind.Columns[i].Text(v)
			if _, text := v.(string); !text {
				cells[i] = verbatim(report.Kind.Columns[i].Text(v))
			}
		}
		if err := out.row(append(cells, report.AsAt.String(), report.Query)...); err != nil {
			return err
		}
	}
	return out.close()
}
