package web

import (
	"testing"

	"tributary/data"
)

// Pages for victims and survivors are told by their measures or their words.
func TestPagesThatAreLeftQuickly(t *testing.T) {
	for _, c := range []struct {
		of   []string
		text string
		want bool
	}{
		{nil, "Support for victims of crime.", true},
		{nil, "A group for SURVIVORS", true},
		{[]string{"victims_of_crime"}, "Listening service", true},
		{[]string{"general_public"}, "Boxing for everyone", false},
		{nil, "", false},
	} {
		if got := exposed([]data.MeasureServed{{For: c.of}}, "Name", c.text); got != c.want {
			t.Errorf("%v %q: %t, want %t", c.of, c.text, got, c.want)
		}
	}
}
