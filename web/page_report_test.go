package web

import (
	"strings"
	"testing"
)

// A report is asked for a financial year by its name; other days stay as they
// are.
func TestReportsAreOfAYear(t *testing.T) {
	s := kingdom(t)
	year := pageOf(t, s, "/reports/annual-review?period=2024-25&territory=norfolk")
	if !strings.Contains(year, `<option value="2024-25" selected>`) || strings.Contains(year, `type="hidden" name="from"`) {
		t.Error("the year that is asked for is not chosen in the form")
	}
	if !strings.Contains(year, "is still to come.") {
		t.Error("the year is not told in a sentence")
	}
	all := pageOf(t, s, "/reports/annual-review?period=&territory=norfolk")
	if strings.Contains(all, `selected>2`) || !strings.Contains(all, `<select class="govuk-select" id="period" name="period">`) {
		t.Error("all years are not what an empty choice asks for")
	}
	days := pageOf(t, s, "/reports/annual-review?from=2024-05-01&territory=norfolk")
	if strings.Contains(days, `id="period"`) || !strings.Contains(days, `<input type="hidden" name="from" value="2024-05-01">`) {
		t.Error("days that are no year are lost when the form is sent")
	}
}
