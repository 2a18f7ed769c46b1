package load

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"tributary/data"
)

// describe is a refusal as a person reads it: "line 12, Postcode: …".
func describe(r data.Refusal) string {
	if r.Field == "" {
		return fmt.Sprintf("line %d: %s", r.Line, r.Reason)
	}
	return fmt.Sprintf("line %d, %s: %s", r.Line, r.Field, r.Reason)
}

// A report keeps this many refusals and kinds of reason, so that its size does
// not grow with the file.
const (
	maxReported = 20
	maxReasons  = 100
)

// Report is what became of a file. Read, Placed, Unplaced, Repeated and Refused
// count rows; Added, Changed, Unchanged and Closed count records.
type Report struct {
	Source string `json:"source"` // name of the file
	Format
	DryRun    bool `json:"dry_run,omitempty"`
	Read      int  `json:"read"`
	Placed    int  `json:"placed"`
	Unplaced  int  `json:"unplaced"`
	Added     int  `json:"added"`
	Changed   int  `json:"changed"`
	Unchanged int  `json:"unchanged"`
	Closed    int  `json:"closed"`
	Repeated  int  `json:"repeated"`
	Refused   int  `json:"refused"` // rows, however many refusals each has

	Unused   []string       `json:"unused_columns,omitempty"`
	Notes    []string       `json:"notes,omitempty"` // further facts, whole sentences
	Refusals []data.Refusal `json:"refusals,omitempty"`
	Reasons  []ReasonCount  `json:"reasons,omitempty"`
}

// ReasonCount counts refusals that differ only in the value they quote.
type ReasonCount struct {
	Column string `json:"column,omitempty"`
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// values are the parts of a reason that differ from row to row.
var values = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?\b[0-9][0-9.,]*\b`)

// Refuse counts one row that was not taken. Of the refusals of all rows the
// first few are kept as they are, and all are counted by reason.
func (r *Report) Refuse(refusals ...data.Refusal) {
	if len(refusals) == 0 {
		return
	}
	r.Refused++
	for _, f := range refusals {
		if len(r.Refusals) < maxReported {
			r.Refusals = append(r.Refusals, f)
		}
		r.count(f.Field, values.ReplaceAllString(f.Reason, "…"))
	}
}

func (r *Report) count(column, reason string) {
	for i := range r.Reasons {
		if c := &r.Reasons[i]; c.Column == column && c.Reason == reason {
			c.Count++
			return
		}
	}
	if len(r.Reasons) < maxReasons {
		r.Reasons = append(r.Reasons, ReasonCount{column, reason, 1})
		return
	}
	last := &r.Reasons[maxReasons-1]
	last.Column, last.Reason = "", "other reasons"
	last.Count++
}

// Take takes over what the store did. The rows that it refused are not among
// it: hand them to [Report.Refuse], which has counted the reader's as well.
func (r *Report) Take(res data.ImportResult) {
	r.Added, r.Changed, r.Unchanged, r.Closed = res.Added, res.Changed, res.Unchanged, res.Closed
	r.Placed, r.Unplaced, r.Repeated = res.Placed, res.Unplaced, res.Repeated
	r.DryRun = !res.Kept
	if res.NotClosed {
		r.Notes = append(r.Notes, "nothing was closed: rows without an id were refused and may stand for any record")
	}
}

// Describe takes over what is known about the table.
func (r *Report) Describe(t *Table) {
	r.Source, r.Format = t.Source(), t.Format()
}

// String is the report as a person reads it.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n", r.Source, r.Format)
	if r.DryRun {
		b.WriteString("nothing of this was kept\n")
	}
	for _, c := range []struct {
		name   string
		count  int
		always bool
	}{
		{"read", r.Read, true}, {"placed", r.Placed, true}, {"not placed", r.Unplaced, false},
		{"added", r.Added, true}, {"changed", r.Changed, true}, {"unchanged", r.Unchanged, true},
		{"closed", r.Closed, false}, {"repeated", r.Repeated, false}, {"refused", r.Refused, true},
	} {
		if c.count > 0 || c.always {
			fmt.Fprintf(&b, "%10d %s\n", c.count, c.name)
		}
	}
	if r.Recovered > 0 {
		fmt.Fprintf(&b, "%10d read with a stray quotation mark in the text\n", r.Recovered)
	}
	for _, n := range r.Notes {
		fmt.Fprintln(&b, n)
	}
	if len(r.Unused) > 0 {
		fmt.Fprintf(&b, "columns not used: %s\n", quotedList(r.Unused))
	}
	r.writeRefusals(&b)
	return b.String()
}

func (r *Report) writeRefusals(b *strings.Builder) {
	if len(r.Refusals) == 0 {
		return
	}
	b.WriteString("refused because\n")
	reasons := slices.SortedStableFunc(slices.Values(r.Reasons), func(a, b ReasonCount) int { return b.Count - a.Count })
	for _, c := range reasons[:min(len(reasons), maxReported)] {
		fmt.Fprintf(b, "%10d %s\n", c.Count, strings.TrimPrefix(c.Column+": "+c.Reason, ": "))
	}
	fmt.Fprintf(b, "the first %d\n", len(r.Refusals))
	for _, f := range r.Refusals {
		fmt.Fprintf(b, "    %s\n", describe(f))
	}
}

// WriteTo implements io.WriterTo with [Report.String].
func (r *Report) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, r.String())
	return int64(n), err
}

// String is "text, UTF-8, comma".
func (f Format) String() string {
	parts := []string{string(f.Kind), f.Encoding}
	if f.Delimiter != "" {
		parts = append(parts, "parted by "+f.Delimiter)
	}
	if f.Sheet != "" {
		parts = append(parts, fmt.Sprintf("sheet %q", f.Sheet))
	}
	return strings.Join(parts, ", ")
}
