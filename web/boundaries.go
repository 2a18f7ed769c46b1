package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"tributary/data"
)

// A boundaryNote tells which boundaries are approximate and whose they all
// are; it stands with every map.
type boundaryNote struct {
	Approximate string // "Boundaries", "The boundary", …; empty for none
	Verb        string // that goes with it
	Sources     []string
}

// areasOf are the districts and counties that a filter names.
func (p *Pages) areasOf(ctx context.Context, f data.Filter) ([]data.AreaRow, error) {
	if len(f.Area) == 0 {
		return nil, nil
	}
	return p.src.Areas(ctx, data.Filter{Area: f.Area})
}

// boundsOf is the box of the territories, the regions and the territories of
// the areas that a filter names; empty when it names none, so the map shows
// the whole kingdom.
func (p *Pages) boundsOf(ctx context.Context, f data.Filter, rows []data.TerritoryRow, areas []data.AreaRow) (string, error) {
	if len(f.Territory) == 0 && len(f.Region) == 0 && len(areas) == 0 {
		return "", nil
	}
	paths, err := p.outlinePaths(ctx)
	if err != nil {
		return "", err
	}
	var box orb.Bound
	for _, row := range rows {
		holdsArea := func(a data.AreaRow) bool { return a.Territory == row.ID }
		if len(f.Territory) > 0 && !slices.Contains(f.Territory, row.ID) || len(f.Region) > 0 && !slices.Contains(f.Region, row.Region) ||
			len(areas) > 0 && !slices.ContainsFunc(areas, holdsArea) {
			continue
		}
		for _, path := range paths {
			if path.id != string(row.ID) {
				continue
			}
			if box.IsZero() {
				box = path.world
			}
			box = box.Union(path.world)
		}
	}
	return formatBounds(box), nil
}

// boundaryNote gathers what must be said wherever boundaries are shown.
func (p *Pages) boundaryNote(r *http.Request) (boundaryNote, error) {
	sets, err := p.src.BoundarySets(r.Context())
	if err != nil {
		return boundaryNote{}, fmt.Errorf("boundaries: %w", err)
	}
	return noteOf(sets), nil
}

// noteOf words the note for the boundaries in force among sets.
func noteOf(sets []data.BoundarySet) boundaryNote {
	note := boundaryNote{Verb: "are"}
	var approximate []string
	exact := false
	for _, s := range sets {
		if !s.ValidTo.IsZero() {
			continue
		}
		if s.Approximate {
			approximate = append(approximate, areaKindPlural(s.Kind))
		} else {
			exact = true
		}
		if s.Source != "" && !slices.Contains(note.Sources, s.Source) {
			note.Sources = append(note.Sources, s.Source)
		}
	}
	switch {
	case len(approximate) == 0:
	case exact:
		note.Approximate = "Boundaries of " + strings.Join(approximate, " and ")
	default:
		note.Approximate = "Boundaries"
	}
	return note
}
