package load

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tributary/data"
)

// column is something a reader looks for in a header.
type column struct {
	name string
	// headings are what others call it, without case, blanks and punctuation,
	// the likeliest first. A # stands for the two digits of a year.
	headings []string
}

// bare is a heading without case, blanks and punctuation.
func bare(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// find returns the index of the first of headings that the columns have, or
// -1. Two columns of one heading are refused: it takes a person to choose.
func (c column) find(columns []string) (int, error) {
	for _, h := range append([]string{bare(c.name)}, c.headings...) {
		found := -1
		for i, have := range columns {
			if !headed(bare(have), h) {
				continue
			}
			if found >= 0 {
				return -1, data.Invalidf("columns", have, "both %q and %q could be the %s: choose with --map %s=%q", columns[found], have, c.name, c.name, columns[found])
			}
			found = i
		}
		if found >= 0 {
			return found, nil
		}
	}
	return -1, nil
}

func headed(have, heading string) bool {
	before, after, dated := strings.Cut(heading, "#")
	if !dated {
		return have == heading
	}
	year, ok := strings.CutPrefix(have, before)
	if !ok {
		return false
	}
	year, ok = strings.CutSuffix(year, after)
	return ok && len(year) == 2 && strings.Trim(year, "0123456789") == ""
}

// named returns the index of the column that a person named: as in the file,
// or else without regard to case, blanks and punctuation. flag is how it was
// named, for the error.
func named(columns []string, name, flag string) (int, error) {
	if i := slices.Index(columns, oneLine(name)); i >= 0 {
		return i, nil
	}
	found := -1
	for i, c := range columns {
		if bare(c) == bare(name) && bare(name) != "" {
			if found >= 0 {
				return -1, data.Invalidf(flag, name, "both %q and %q could be meant: write the heading exactly as in the file", columns[found], c)
			}
			found = i
		}
	}
	if found < 0 {
		return -1, data.Invalidf(flag, name, "the file has no column %q%s: its columns are %s", name, suggestion(name, columns), quotedList(columns))
	}
	return found, nil
}

// suggestion is `, perhaps "X" is meant`, or nothing if nothing is near.
func suggestion(name string, among []string) string {
	type near struct {
		name     string
		distance int
	}
	var best []near
	for _, c := range among {
		d := editDistance(bare(name), bare(c))
		if d <= max(2, len(bare(name))/3) || (len(bare(name)) >= 3 && strings.Contains(bare(c), bare(name))) {
			best = append(best, near{c, d})
		}
	}
	if len(best) == 0 {
		return ""
	}
	slices.SortStableFunc(best, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, b := range best[:min(3, len(best))] {
		names = append(names, strconv.Quote(b.name))
	}
	return ", perhaps " + strings.Join(names, " or ") + " is meant"
}

// editDistance is Levenshtein's, over runes.
func editDistance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range to {
			change := diagonal
			if x != y {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}

// quotedList is `"a", "b" and 12 more`.
func quotedList(names []string) string {
	const shown = 40
	var quoted []string
	for _, n := range names[:min(shown, len(names))] {
		quoted = append(quoted, strconv.Quote(n))
	}
	list := strings.Join(quoted, ", ")
	if len(names) > shown {
		list += " and " + strconv.Itoa(len(names)-shown) + " more"
	}
	return list
}
