package postgis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/data/reference"
)

var (
	sqlReferenceLoaded    = query("reference_loaded")
	sqlReferenceMark      = query("reference_mark")
	sqlReferenceRegions   = query("reference_regions")
	sqlReferenceDistricts = query("reference_districts")
	sqlReferenceTowns     = query("reference_towns")
)

// LoadReference brings the reference in the database up to what this binary
// carries: regions, territories, who governs them, districts, towns and, where
// none are in force, the default boundaries. The same binary again does
// nothing. Boundaries that somebody imported stay.
func (s *Store) LoadReference(ctx context.Context, log *slog.Logger) error {
	regions, err := json.Marshal(map[string]any{"regions": reference.Regions(), "regimes": reference.Regimes()})
	if err != nil {
		return err
	}
	districts, err := json.Marshal(reference.Districts())
	if err != nil {
		return err
	}
	records, err := json.Marshal(referenceSheets())
	if err != nil {
		return err
	}
	facts := slices.Concat(regions, records, districts)
	err = s.loadPart(ctx, log, "facts", facts, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlReferenceRegions, regions); err != nil {
			return err
		}
		if err := loadReferenceRecords(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlReferenceDistricts, districts)
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

// referenceSheets are the reference's records by kind.
func referenceSheets() map[string][]data.Record {
	out := map[string][]data.Record{}
	for _, kind := range reference.Kinds() {
		out[kind] = reference.Records(kind)
	}
	return out
}

// loadReferenceRecords takes the reference's territories, bodies and plans as
// any import of records would.
func loadReferenceRecords(ctx context.Context, tx pgx.Tx) error {
	m := &merge{tx: tx, run: data.Import{Kind: "reference", Source: reference.Source}, id: uuid.New()}
	if err := m.beginLedger(ctx); err != nil {
		return err
	}
	var sheets []LedgerSheet
	for _, kind := range reference.Kinds() {
		k, _ := data.KindNamed(kind)
		sheets = append(sheets, LedgerSheet{Kind: k, Records: func(yield func(LedgerRecord) bool) {
			for i, rec := range reference.Records(kind) {
				if !yield(LedgerRecord{Line: i + 2, Record: rec}) {
					return
				}
			}
		}})
	}
	var res data.ImportResult
	refused := func(r LedgerRefusal) error {
		return fmt.Errorf("the reference's %s, line %d: %s %s", r.Kind.Plural, r.Line, r.Field, r.Reason)
	}
	if err := m.ledger(ctx, sheets, &res, refused); err != nil {
		return err
	}
	return m.ledgerRefusals(ctx, &res, refused)
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
