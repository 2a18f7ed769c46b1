package load

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// readAll reads a text with a header of three columns, and writes each row as
// "line: field|field|…" or "line: ! problem".
func readAll(t testing.TB, in io.Reader) []string {
	t.Helper()
	r := newRecordReader(in, ',')
	r.want = 3
	var got []string
	for {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
		row := strings.Join(rec.fields, "|")
		if rec.problem != "" {
			row = "! " + rec.problem
		}
		got = append(got, fmt.Sprintf("%d: %s", rec.line, row))
	}
}

func TestRecords(t *testing.T) {
	const unclosed = "! a quotation mark opens in column 2 and does not close: close it, or double the marks inside the text"
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"plain", "a,b,c\nd,e,f\n", []string{"1: a|b|c", "2: d|e|f"}},
		{"mixed line ends", "a,b,c\r\nd,e,f\rg,h,i\nj,k,l", []string{"1: a|b|c", "2: d|e|f", "3: g|h|i", "4: j|k|l"}},
		{"blank lines count", "\n\na,b,c\n , \t,\n\nd,e,f", []string{"3: a|b|c", "6: d|e|f"}},
		{"quoted", `"a, b","c ""d""",` + "\"e\nf\"\ng,h,i\n", []string{"1: a, b|c \"d\"|e\nf", "3: g|h|i"}},
		{"quoted across CRLF", "a,\"b\r\nb\",c\r\nd,e,f", []string{"1: a|b\nb|c", "3: d|e|f"}},
		{"blanks round quotes", `a, "b, b" ,c`, []string{"1: a|b, b|c"}},
		{"empty quoted", `"","",x`, []string{"1: ||x"}},
		{"stray in the middle", `a,6" pipe,c`, []string{`1: a|6" pipe|c`}},
		{"stray inside quotes", `a,"the "big" one",c`, []string{`1: a|the "big" one|c`}},
		{"quoted start of a field", "a,\"The Forum\" library,c\nd,e,f", []string{`1: a|"The Forum" library|c`, "2: d|e|f"}},
		{"with a proper one after", "a,\"The Forum\" library,\"c, d\"\nd,e,f", []string{`1: a|"The Forum" library|c, d`, "2: d|e|f"}},
		{"opens and never closes", "a,\"b,c\nd,e,f\ng,h,i\n", []string{`1: a|"b|c`, "2: d|e|f", "3: g|h|i"}},
		{"opens before a proper one", "1,\"Bob,N\n2,Al,E\n3,\"Good, place\",E\n4,x,y\n",
			[]string{`1: 1|"Bob|N`, "2: 2|Al|E", "3: 3|Good, place|E", "4: 4|x|y"}},
		{"opens and cannot be mended", "a,\"b\nd,e,f\n", []string{"1: " + unclosed, "2: d|e|f"}},
		{"too few", "a,b\nd,e,f", []string{"1: ! the row has 2 columns where the header has 3: put quotation marks round a text that holds the delimiter, and check for missing columns", "2: d|e|f"}},
		{"too many", "a,b,c,d\nd,e,f", []string{"1: ! the row has 4 columns where the header has 3: put quotation marks round a text that holds the delimiter, and check for missing columns", "2: d|e|f"}},
		{"empty ones at the end", "a,b,c,,\nd,e,f", []string{"1: a|b|c||", "2: d|e|f"}},
		{"Windows-1252", "caf\xe9,\x93q\x94,\x8050", []string{"1: café|“q”|€50"}},
		{"both encodings", "caf\xe9,caf\xc3\xa9,c", []string{"1: café|café|c"}},
	} {
		if diff := cmp.Diff(c.want, readAll(t, strings.NewReader(c.in))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		// The same in the smallest portions.
		if diff := cmp.Diff(c.want, readAll(t, iotest.OneByteReader(strings.NewReader(c.in)))); diff != "" {
			t.Errorf("%s, byte by byte (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestRecordTooLong(t *testing.T) {
	in := "a,b,c\n" + strings.Repeat("x", 3*maxLine) + "\nd,e,f\n"
	got := readAll(t, strings.NewReader(in))
	if len(got) != 3 || !strings.HasPrefix(got[1], "2: ! the line is longer") || got[2] != "3: d|e|f" {
		t.Errorf("got %.200q", got)
	}
}

// A quote that opens costs its own row at most, however long the file goes on.
func TestRunawayQuoteIsBounded(t *testing.T) {
	var in strings.Builder
	in.WriteString("a,\"b\n")
	for range 10 * maxRecordLines {
		in.WriteString("d,e,f\n")
	}
	got := readAll(t, strings.NewReader(in.String()))
	if len(got) != 1+10*maxRecordLines || !strings.Contains(got[0], "does not close") || got[1] != "2: d|e|f" {
		t.Errorf("%d rows, first %.300q", len(got), got[:2])
	}
}

// Whatever encoding/csv writes is read back as it was.
func TestRecordsRoundTrip(t *testing.T) {
	field := rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("ab ,;\"\n\t'é€")), 0, 12, -1),
		rapid.SampledFrom([]string{"", "x", `"`, `""`, `a"b`, "line\nline", " lead", "trail "}))
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(field, 3, 3), 1, 8).Draw(t, "rows")
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		var want [][]string
		for _, row := range rows {
			if row[0] = "k" + row[0]; strings.Count(strings.Join(row, ""), "\n") < maxRecordLines {
				want = append(want, row)
			}
			_ = w.Write(row)
		}
		w.Flush()
		r := newRecordReader(&b, ',')
		r.want = 3
		var got [][]string
		for {
			rec, err := r.next()
			if err != nil {
				break
			}
			got = append(got, rec.fields)
			if rec.problem != "" {
				t.Fatalf("line %d: %s", rec.line, rec.problem)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func TestReadErrorsAreNotTheEnd(t *testing.T) {
	r := newRecordReader(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("a,b,c\n"))), ',')
	if _, err := r.next(); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("error %v, want the reader's own", err)
	}
}

func FuzzRecords(f *testing.F) {
	for _, s := range []string{"a,b,c\nd,e,f", "a,\"b\n,c", "\"\r\n\"\"\",\r", "a,\"b\" c,d\n", "\xff\xfe,\"", "\r\r\n\n,,,\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		r := newRecordReader(bytes.NewReader(in), ',')
		r.want = 3
		last := 0
		for {
			rec, err := r.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if rec.line <= last {
				t.Fatalf("line %d after %d", rec.line, last)
			}
			last = rec.line
			if rec.problem == "" && len(rec.fields) < 3 {
				t.Fatalf("line %d has %d fields and no problem", rec.line, len(rec.fields))
			}
		}
		if lines := bytes.Count(in, []byte("\n")) + bytes.Count(in, []byte("\r")) + 1; last > lines {
			t.Fatalf("line %d of %d", last, lines)
		}
	})
}
