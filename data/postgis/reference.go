package postgis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/data/reference"
)

var (
	sqlReferenceLoaded = query("reference_loaded")
	sqlReferenceMark   = query("reference_mark")
	sqlReferenceFacts  = query("reference_facts")
	sqlReferenceTowns  = query("reference_towns")
	sqlReferencePlans  = query("reference_plans")
)

// LoadReference brings the reference in the database up to what this binary
// carries: regions, territories, who governs them, districts, towns and, where
// none are in force, the default boundaries. The same binary again does
// nothing. Boundaries that somebody imported stay.
func (s *Store) LoadReference(ctx context.Context, log *slog.Logger) error {
	facts, err := json.Marshal(map[string]any{
		"regions": reference.Regions(), "territories": reference.Territories(), "bodies": reference.PolicingBodies(),
		"governance": reference.Governance(), "districts": reference.Districts(),
	})
	if err != nil {
		return err
	}
	err = s.loadPart(ctx, log, "facts", facts, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sqlReferenceFacts, facts)
		return err
	})
	if err != nil {
		return err
	}
	plans, err := json.Marshal(reference.Plans())
	if err != nil {
		return err
	}
	err = s.loadPart(ctx, log, "plans", plans, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sqlReferencePlans, plans)
		return err
	})
	if err != nil {
		return err
	}
	if err := s.loadDefaultBoundaries(ctx, log); err != nil {
		return err
	}
	towns, err := json.Marshal(reference.Towns())
	if err != nil {
		return err
	}
	return s.loadPart(ctx, log, "towns", towns, func(tx pgx.Tx) error { return loadTowns(ctx, tx) })
}

// loadPart runs load unless the part is already as this binary has it.
func (s *Store) loadPart(ctx context.Context, log *slog.Logger, part string, content []byte, load func(pgx.Tx) error) error {
	sum := sha256.Sum256(content)
	digest := hex.EncodeToString(sum[:])
	var same bool
	// Most starts load nothing, and do not wait for an import at work.
	err := s.write(ctx, Operator, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, sqlReferenceLoaded, part, digest).Scan(&same)
	})
	if err != nil || same {
		return wrap("load reference "+part, err)
	}
	return wrap("load reference "+part, s.write(ctx, Operator, func(tx pgx.Tx) error {
		// Two processes that start at once take turns.
		if err := lockImport(ctx, tx); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, sqlReferenceLoaded, part, digest).Scan(&same); err != nil || same {
			return err
		}
		log.Info("loading the reference", "part", part)
		if err := load(tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlReferenceMark, part, digest)
		return err
	}))
}

// loadDefaultBoundaries loads the embedded boundaries where no territories are
// in force, or where those in force are an older binary's defaults.
func (s *Store) loadDefaultBoundaries(ctx context.Context, log *slog.Logger) error {
	have, err := s.BoundarySets(ctx)
	if err != nil {
		return err
	}
	defaults := reference.Boundaries()
	var wanted []data.BoundarySet
	for _, d := range defaults {
		replace := true
		for _, h := range have {
			if h.Kind == d.Kind || isArea(h.Kind) && isArea(d.Kind) {
				replace = h.Approximate && h.Source == d.Source
			}
		}
		if replace {
			wanted = append(wanted, d)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	log.Debug("checking the default boundaries", "sets", len(wanted))
	_, err = s.LoadBoundaries(ctx, Operator, wanted, len(wanted) == len(defaults))
	return err
}

func loadTowns(ctx context.Context, tx pgx.Tx) error {
	towns := reference.Towns()
	if _, err := tx.Exec(ctx, "DELETE FROM pub.town"); err != nil {
		return err
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"pub", "town"}, []string{"id", "name", "population", "geom"},
		pgx.CopyFromSlice(len(towns), func(i int) ([]any, error) {
			g, err := encode(orb.Point{towns[i].Lon, towns[i].Lat}, sridWGS84)
			return []any{i + 1, towns[i].Name, towns[i].Population, g}, err
		}))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlReferenceTowns)
	return err
}
