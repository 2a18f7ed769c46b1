package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"tributary/data"
	"tributary/data/load"
	"tributary/data/postgis"
)

type importCmd struct {
	Activities importActivitiesCmd `cmd:"" help:"Import activities from CSV, TSV, XLSX, JSON Lines or GeoJSON."`
	Boundaries importBoundariesCmd `cmd:"" help:"Import official boundaries from GeoJSON: police force areas, regions or districts."`
	Postcodes  importPostcodesCmd  `cmd:"" help:"Import postcodes (Code-Point Open, ONSPD) or outward codes."`
	Records    importRecordsCmd    `cmd:"" default:"withargs" help:"Import records of any other kind: tributary import contracts FILE. The word 'records' may be left out."`
}

type importActivitiesCmd struct {
	File    string   `arg:"" help:"File to import." type:"existingfile"`
	Source  string   `help:"Whose records these are; the same source again updates them. Default: the file's name." placeholder:"NAME"`
	Map     []string `help:"Take a field from a column with another heading: --map name='Library name'. Repeat it. Fields: ${fields}." placeholder:"FIELD=COLUMN" sep:"none"`
	Set     []string `help:"Give every row the same value: --set status=validated. Repeat it." placeholder:"FIELD=VALUE" sep:"none"`
	Key     string   `help:"Columns that together identify a row, where there is no id column: --key 'Name,Postcode'." placeholder:"COLUMNS"`
	Class   string   `help:"Sensitivity class of rows that give none: S0 open, S1 care, S2 restricted, S3 secret. Words such as refuge only raise it." default:"S1" enum:"S0,S1,S2,S3"`
	Sheet   string   `help:"Sheet of a workbook. Default: the first." placeholder:"NAME"`
	Replace bool     `help:"Close the activities of this source that the file no longer has."`
	DryRun  bool     `help:"Say what would happen and change nothing."`
	Partial bool     `help:"Keep the good rows when others are refused." default:"true" negatable:""`
	Refused string   `help:"Where to write the refused rows, to be mended and imported again. Default: beside the file." placeholder:"FILE"`
	JSON    bool     `help:"Print the report as JSON."`
}

// activityFieldList names the fields for --help.
func activityFieldList() string { return strings.Join(load.ActivityFields(), ", ") }

// Run imports the file and reports what became of each row.
func (cmd *importActivitiesCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	opt, err := cmd.options()
	if err != nil {
		return err
	}
	if sameFile(cmd.Refused, cmd.File) {
		return data.Invalidf("refused", cmd.Refused, "the refused rows would be written over the file itself: name another file with --refused")
	}
	table, err := load.OpenTable(cmd.File, load.TableOptions{Sheet: cmd.Sheet})
	if err != nil {
		return err
	}
	defer table.Close()
	reader, err := load.NewActivityReader(table, opt)
	if err != nil {
		return err
	}
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	job, err := newFileJob(con, table, cmd.File)
	if err != nil {
		return err
	}
	defer job.close()

	rows, err := newActivityRows(reader, job)
	if err != nil {
		return err
	}
	defer rows.refused.Close()
	run := data.Import{
		Kind: "activities", Source: source(cmd.Source, cmd.File), File: filepath.Base(cmd.File), SHA256: job.sha256, Replace: cmd.Replace,
		Refused: func() (iter.Seq2[data.RefusedRow, error], int) { return rows.refused.All(), rows.anonymous },
		Keep: func(data.ImportResult) bool {
			return rows.err() == nil && !cmd.DryRun && (cmd.Partial || job.refusedRows() == 0)
		},
	}
	res, err := o.ImportActivities(ctx, postgis.Operator, run, rows.good(ctx), func(r data.Refusal) error {
		r.Field = reader.Column(r.Field)
		return job.late(r)
	})
	if err = errors.Join(rows.err(), err); err != nil {
		return fmt.Errorf("nothing was imported: %w", err)
	}
	job.report.Unused = reader.Unused()
	return cmd.finish(ctx, job, res)
}

// activityRows parts the rows of a file: the good ones go on, and of the
// others is kept what the store must know of them.
type activityRows struct {
	reader    *load.ActivityReader
	job       *fileJob
	refused   *load.Spool[data.RefusedRow]
	anonymous int   // refused, without an identity
	spoilt    error // the refused ones cannot be kept
}

func newActivityRows(reader *load.ActivityReader, job *fileJob) (*activityRows, error) {
	refused, err := load.NewSpool[data.RefusedRow]()
	return &activityRows{reader: reader, job: job, refused: refused}, err
}

// err is why the file was not read to its end, or nil.
func (a *activityRows) err() error { return errors.Join(a.reader.Err(), a.spoilt) }

// good are the rows to import.
func (a *activityRows) good(ctx context.Context) iter.Seq[data.ActivityRecord] {
	return func(yield func(data.ActivityRecord) bool) {
		for rec, refusals := range a.reader.All(ctx) {
			a.job.read(refusals)
			switch {
			case len(refusals) == 0:
				if !yield(rec) {
					return
				}
			case rec.ExternalID == "":
				a.anonymous++
			default:
				class, _ := rec.Classify(nil)
				if a.spoilt = a.refused.Add(data.RefusedRow{ExternalID: rec.ExternalID, Class: class}); a.spoilt != nil {
					return
				}
			}
		}
		if a.reader.Err() == nil {
			a.job.placing()
		}
	}
}

func (cmd *importActivitiesCmd) options() (opt load.ActivityOptions, err error) {
	if opt.Map, err = load.ParsePairs("map", cmd.Map); err != nil {
		return opt, err
	}
	if opt.Set, err = load.ParsePairs("set", cmd.Set); err != nil {
		return opt, err
	}
	if cmd.Key != "" {
		for k := range strings.SplitSeq(cmd.Key, ",") {
			opt.Key = append(opt.Key, strings.TrimSpace(k))
		}
	}
	class, err := data.ParseSensitivity(cmd.Class)
	opt.Class = &class
	return opt, err
}

// finish prints the report and writes the refused rows. Refused rows that kept
// the others out are a failure.
func (cmd *importActivitiesCmd) finish(ctx context.Context, job *fileJob, res data.ImportResult) error {
	job.report.Take(res)
	var failed error
	switch {
	case cmd.DryRun:
		job.report.Notes = append(job.report.Notes, "this was a dry run: nothing was changed")
	case !res.Kept:
		job.report.Notes = append(job.report.Notes, "nothing was imported, as rows were refused and --no-partial was given: mend them, or leave it out to keep the good rows")
	}
	if job.refusedRows() > 0 {
		path := cmd.refusedPath(job.table.Format().Kind)
		failed = job.writeRefused(ctx, cmd.File, load.TableOptions{Sheet: cmd.Sheet}, path)
		if failed == nil {
			job.report.Notes = append(job.report.Notes, fmt.Sprintf("the refused rows are in %s: mend them there and import that file with the same --source and --map", path))
		}
	}
	// What was imported is said even if the refused rows cannot be written.
	if err := errors.Join(failed, printReport(job.con.out, job.report, cmd.JSON)); err != nil {
		return err
	}
	if !res.Kept && !cmd.DryRun {
		return &errShown{errors.New("rows were refused")}
	}
	return nil
}

// refusedPath is where the refused rows go.
func (cmd *importActivitiesCmd) refusedPath(k load.Kind) string {
	if cmd.Refused != "" {
		return cmd.Refused
	}
	return refusedBeside(cmd.File, k)
}

// refusedBeside is where the refused rows of a file go if nobody says: beside
// it, in a form that its kind can be mended in.
func refusedBeside(file string, k load.Kind) string {
	form := ".refused.csv"
	if k == load.KindJSONLines {
		form = ".refused.jsonl"
	}
	return strings.TrimSuffix(file, filepath.Ext(file)) + form
}

// sameFile reports whether two paths lead to one file.
func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// source is the name given, or the file's without its ending.
func source(given, file string) string {
	if given != "" {
		return given
	}
	return strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
}

func printReport(out io.Writer, r *load.Report, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	_, err := r.WriteTo(out)
	return err
}

type importPostcodesCmd struct {
	File    string `arg:"" help:"Code-Point Open or ONSPD as CSV, or a list of outward codes with latitude and longitude." type:"existingfile"`
	Replace bool   `help:"Take away the postcodes that the file no longer has."`
	DryRun  bool   `help:"Say what would happen and change nothing."`
	JSON    bool   `help:"Print the report as JSON."`
}

// Run imports the file and reports what became of it.
func (cmd *importPostcodesCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	table, err := load.OpenPostcodes(cmd.File, load.TableOptions{})
	if err != nil {
		return err
	}
	defer table.Close()
	reader, err := load.NewPostcodeReader(table)
	if err != nil {
		return err
	}
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	job, err := newFileJob(con, table, cmd.File)
	if err != nil {
		return err
	}
	defer job.close()
	run := data.Import{
		Kind: "postcodes", Source: "postcodes", File: filepath.Base(cmd.File), SHA256: job.sha256, Replace: cmd.Replace,
		Keep: func(data.ImportResult) bool { return reader.Err() == nil && !cmd.DryRun },
	}
	res, err := o.ImportPostcodes(ctx, postgis.Operator, run, good(job, reader.All(ctx)))
	if err = errors.Join(reader.Err(), err); err != nil {
		return fmt.Errorf("nothing was imported: %w", err)
	}
	job.report.Take(res)
	job.report.Notes = append(job.report.Notes, reader.Notes()...)
	return printReport(con.out, job.report, cmd.JSON)
}

// good passes the good records on and notes the others.
func good[T any](job *fileJob, all iter.Seq2[T, []data.Refusal]) iter.Seq[T] {
	return func(yield func(T) bool) {
		for rec, refusals := range all {
			job.read(refusals)
			if len(refusals) == 0 && !yield(rec) {
				return
			}
		}
		job.placing()
	}
}

// digest is the SHA-256 of a file, hexadecimal.
func digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
