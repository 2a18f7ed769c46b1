package postgis

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"tributary/data"
	geohex "tributary/geo/hex"
)

var (
	sqlPostcodeStage    = query("postcode_stage")
	sqlPostcodeMerge    = query("postcode_merge")
	sqlPostcodeOutcodes = query("postcode_outcodes")
	sqlPostcodeClose    = query("postcode_close")
	sqlOutcodeMeans     = query("outcode_means")
	sqlOutcodeSet       = query("outcode_set")
)

// ImportPostcodes takes the postcodes and outward codes of one file in one
// transaction. A postcode that is there already is brought up to date; Replace
// takes away those that the file no longer has. An outward code that no file
// gives stands at the mean of its postcodes.
func (s *Store) ImportPostcodes(ctx context.Context, who Actor, run data.Import, records iter.Seq[data.PostcodeRecord]) (data.ImportResult, error) {
	var res data.ImportResult
	started := time.Now()
	err := s.write(ctx, who, func(tx pgx.Tx) error {
		if err := lockImport(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlPostcodeStage); err != nil {
			return err
		}
		if err := stagePostcodes(ctx, tx, records); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, sqlPostcodeMerge).Scan(&res.Added, &res.Changed, &res.Unchanged, &res.Repeated); err != nil {
			return err
		}
		res.Placed = res.Added + res.Changed + res.Unchanged + res.Repeated
		if run.Replace {
			tag, err := tx.Exec(ctx, sqlPostcodeClose)
			if err != nil {
				return err
			}
			res.Closed = int(tag.RowsAffected())
		}
		if err := outcodes(ctx, tx); err != nil {
			return err
		}
		res.Kept = true
		if run.Keep != nil && !run.Keep(res) {
			res.Kept = false
			return errNotKept
		}
		m := &merge{tx: tx, run: run, id: uuid.New()}
		return m.record(ctx, who, started, res)
	})
	if errors.Is(err, errNotKept) {
		err = nil
	}
	return res, wrap("import postcodes", err)
}

func stagePostcodes(ctx context.Context, tx pgx.Tx, records iter.Seq[data.PostcodeRecord]) error {
	next, stop := iter.Pull(records)
	defer stop()
	rows := pgx.CopyFromFunc(func() ([]any, error) {
		r, ok := next()
		if !ok {
			return nil, nil
		}
		p := orb.Point{r.Lon, r.Lat}
		g, err := encode(p, sridWGS84)
		if err != nil {
			return nil, err
		}
		c, err := geohex.At(p, geohex.Finest)
		return []any{r.Line, null(string(r.Postcode)), string(r.Outcode), g, int64(c), null(r.District), null(r.PFA), !r.Terminated.IsZero()}, err
	})
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"postcode_stage"},
		[]string{"line", "postcode", "outcode", "geom", "cell", "district", "pfa", "terminated"}, rows)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "ANALYZE postcode_stage")
	return err
}

// outcodes sets the outward codes given, and makes the others from their
// postcodes.
func outcodes(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, sqlPostcodeOutcodes); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, sqlOutcodeMeans)
	if err != nil {
		return err
	}
	var codes []string
	var lons, lats []float64
	var cells []int64
	var code string
	var lon, lat float64
	_, err = pgx.ForEachRow(rows, []any{&code, &lon, &lat}, func() error {
		c, err := geohex.At(orb.Point{lon, lat}, geohex.Finest)
		codes, lons, lats, cells = append(codes, code), append(lons, lon), append(lats, lat), append(cells, int64(c))
		return err
	})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlOutcodeSet, pgx.StrictNamedArgs{"codes": codes, "lons": lons, "lats": lats, "cells": cells})
	return err
}
