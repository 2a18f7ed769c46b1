package web

import (
	"slices"
	"testing"

	"tributary/data"
)

// Every journey asks fields that its kind has, each once, offers itself only to
// roles that may write the kind, and asks for all that the kind needs.
func TestJourneysFitTheirKinds(t *testing.T) {
	reached := map[string]bool{}
	for _, j := range journeys {
		k, ok := data.KindNamed(j.kind)
		if !ok {
			t.Errorf("%s: there is no kind %s", j.name, j.kind)
			continue
		}
		reached[k.Name] = true
		seen := map[string]bool{}
		for _, q := range j.steps {
			for _, a := range q.asks {
				if !slices.Contains(k.Columns(), a.field) {
					t.Errorf("%s asks %s, which %s have not", j.name, a.field, k.Plural)
				}
				if seen[a.field] || a.label == "" || q.title == "" {
					t.Errorf("%s asks %s twice, or without words", j.name, a.field)
				}
				seen[a.field] = true
				if a.from != "" {
					if _, ok := data.KindNamed(a.from); !ok {
						t.Errorf("%s chooses from %s, which there are none of", j.name, a.from)
					}
				}
			}
		}
		for _, f := range k.Fields {
			if f.Required && !seen[f.Name] && f.Name != "id" && f.Name != j.own && !slices.Contains(j.given, f.Name) {
				t.Errorf("%s never asks %s, which every %s needs", j.name, f.Name, k.Name)
			}
		}
		for _, r := range j.roles {
			if !r.May(data.Create, k) {
				t.Errorf("%s is offered to the role %s, which may not write %s", j.name, r, k.Plural)
			}
		}
	}
	for _, role := range data.KeyRoles {
		for _, k := range data.Kinds {
			if role == data.RoleAdmin || !role.May(data.Create, k) || reached[k.Name] {
				continue
			}
			// These are loaded by file, or follow from others.
			if !slices.Contains([]string{"footprint", "saving_estimate", "academic_link"}, k.Name) {
				t.Errorf("the role %s may write %s, and no journey leads there", role, k.Plural)
			}
		}
	}
}
