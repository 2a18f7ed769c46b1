package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"tributary/data"
	"tributary/data/load"
	"tributary/data/postgis"
)

type importRecordsCmd struct {
	Kind     string   `arg:"" help:"Kind of record: ${kinds}; or programme, for a folder or a workbook with a file or sheet a kind."`
	File     string   `arg:"" optional:"" help:"File to import: CSV, TSV, XLSX or JSON Lines (money in whole pence); a folder or workbook for a programme." type:"existingpath"`
	Template bool     `help:"Write an empty, explained CSV of this kind to standard output instead."`
	Source   string   `help:"Whose records these are; the same source again updates them. Default: the file's name." placeholder:"NAME"`
	Map      []string `help:"Take a field from a column with another heading: --map supplier='Donor'. Repeat it." placeholder:"FIELD=COLUMN" sep:"none"`
	Set      []string `help:"Give every row the same value: --set type=donation_money. Repeat it." placeholder:"FIELD=VALUE" sep:"none"`
	Key      string   `help:"Columns that together identify a row, where there is no id column." placeholder:"COLUMNS"`
	Sheet    string   `help:"Sheet of a workbook. Default: the first." placeholder:"NAME"`
	DryRun   bool     `help:"Say what would happen and change nothing."`
	Partial  bool     `help:"Keep the good rows when others are refused."`
	Refused  string   `help:"Where to write the refused rows, with --partial. Default: beside the file." placeholder:"FILE"`
	JSON     bool     `help:"Print the reports as JSON."`
}

// kindList names the kinds for --help.
func kindList() string {
	names := make([]string, len(data.Kinds))
	for i, k := range data.Kinds {
		names[i] = k.Plural
	}
	return strings.Join(names, ", ")
}

// ledgerFile is one file or sheet of an import.
type ledgerFile struct {
	kind   *data.Kind
	path   string
	sheet  string
	table  *load.Table
	reader *load.LedgerReader
	job    *fileJob
}

// Run imports the file, or every file of the folder, in one transaction.
func (cmd *importRecordsCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	if cmd.Template {
		k, ok := data.KindNamed(cmd.Kind)
		if !ok {
			return unknownKind(cmd.Kind)
		}
		return load.WriteTemplate(con.out, k)
	}
	if cmd.File == "" {
		return data.Invalidf("file", "", "name the file to import, or give --template for an empty one")
	}
	files, err := cmd.files(con)
	if err != nil {
		return err
	}
	defer func() {
		for _, f := range files {
			f.job.close()
			f.table.Close()
		}
	}()
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	return cmd.importFiles(ctx, o, files)
}

func unknownKind(name string) error {
	return data.Invalidf("kind", name, "%q is no kind of record: use activities, boundaries, postcodes, programme, %s", name, kindList())
}

// files opens what is to be imported.
func (cmd *importRecordsCmd) files(con *console) ([]*ledgerFile, error) {
	if cmd.Kind != "programme" {
		k, ok := data.KindNamed(cmd.Kind)
		if !ok {
			return nil, unknownKind(cmd.Kind)
		}
		f, err := cmd.open(con, k, cmd.File, cmd.Sheet)
		if err != nil {
			return nil, err
		}
		return []*ledgerFile{f}, nil
	}
	if len(cmd.Map)+len(cmd.Set) > 0 || cmd.Key != "" || cmd.Sheet != "" {
		return nil, data.Invalidf("map", "", "a programme's files have the kinds' own columns: leave out --map, --set, --key and --sheet")
	}
	found, err := load.Programme(cmd.File)
	if err != nil {
		return nil, err
	}
	var files []*ledgerFile
	for _, p := range found {
		f, err := cmd.open(con, p.Kind, p.Path, p.Sheet)
		if err != nil {
			return files, err
		}
		files = append(files, f)
	}
	return files, nil
}

func (cmd *importRecordsCmd) open(con *console, k *data.Kind, path, sheet string) (*ledgerFile, error) {
	opt := load.LedgerOptions{Source: source(cmd.Source, cmd.File)}
	var err error
	if opt.Map, err = load.ParsePairs("map", cmd.Map); err != nil {
		return nil, err
	}
	if opt.Set, err = load.ParsePairs("set", cmd.Set); err != nil {
		return nil, err
	}
	if cmd.Key != "" {
		for key := range strings.SplitSeq(cmd.Key, ",") {
			opt.Key = append(opt.Key, strings.TrimSpace(key))
		}
	}
	f := &ledgerFile{kind: k, path: path, sheet: sheet}
	if f.table, err = load.OpenTable(path, load.TableOptions{Sheet: sheet}); err != nil {
		if sheet != "" {
			err = fmt.Errorf("%w; %s have the columns %s", err, strings.ReplaceAll(k.Plural, "_", " "), strings.Join(k.Columns(), ", "))
		}
		return nil, err
	}
	if f.reader, err = load.NewLedgerReader(f.table, k, opt); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", filepath.Base(path), err), f.table.Close())
	}
	f.job, err = newFileJob(con, f.table, path)
	return f, err
}

// records are the good records of the file; the others are noted.
func (f *ledgerFile) records(ctx context.Context) iter.Seq[postgis.LedgerRecord] {
	return func(yield func(postgis.LedgerRecord) bool) {
		for row := range f.reader.All(ctx) {
			f.job.read(row.Refusals)
			if len(row.Refusals) == 0 && !yield(postgis.LedgerRecord{Line: row.Line, Record: row.Record, Names: row.Names}) {
				return
			}
		}
		f.job.placing()
	}
}

// importFiles imports in one transaction and reports on every file.
func (cmd *importRecordsCmd) importFiles(ctx context.Context, o *opened, files []*ledgerFile) error {
	byKind := map[*data.Kind]*ledgerFile{}
	var sheets []postgis.LedgerSheet
	for _, f := range files {
		byKind[f.kind] = f
		sheets = append(sheets, postgis.LedgerSheet{Kind: f.kind, Records: f.records(ctx)})
	}
	refused := func() (n int) {
		for _, f := range files {
			n += f.job.refusedRows()
		}
		return n
	}
	readErr := func() (err error) {
		for _, f := range files {
			err = errors.Join(err, f.reader.Err())
		}
		return err
	}
	run := data.Import{
		Kind: cmd.Kind, Source: source(cmd.Source, cmd.File), File: filepath.Base(cmd.File), SHA256: files[0].job.sha256,
		Keep: func(data.ImportResult) bool {
			return readErr() == nil && !cmd.DryRun && (cmd.Partial || refused() == 0)
		},
	}
	res, err := o.ImportLedger(ctx, postgis.Operator, run, sheets, func(r postgis.LedgerRefusal) error {
		f := byKind[r.Kind]
		r.Field = f.reader.Column(r.Field)
		return f.job.late(r.Refusal)
	})
	if err = errors.Join(readErr(), err); err != nil {
		return fmt.Errorf("nothing was imported: %w", err)
	}
	return cmd.report(ctx, files, res, refused())
}

func (cmd *importRecordsCmd) report(ctx context.Context, files []*ledgerFile, res data.ImportResult, refused int) error {
	for i, f := range files {
		f.job.report.Unused = f.reader.Unused()
		if i == len(files)-1 {
			f.job.report.Take(res)
		}
		if n := f.job.refusedRows(); n > 0 && cmd.Partial {
			path := cmd.Refused
			if path == "" || len(files) > 1 {
				path = refusedBeside(f.path, f.table.Format().Kind)
			}
			if err := f.job.writeRefused(ctx, f.path, load.TableOptions{Sheet: f.sheet}, path); err != nil {
				return err
			}
			f.job.report.Notes = append(f.job.report.Notes, fmt.Sprintf("the refused rows are in %s: mend them there and import that file with the same --source and --map", path))
		}
		if err := printReport(f.job.con.out, f.job.report, cmd.JSON); err != nil {
			return err
		}
	}
	if !res.Kept && !cmd.DryRun {
		fmt.Fprintf(os.Stderr, "Nothing was imported, as %d rows were refused: mend them, or give --partial to keep the good rows and write the others to a file.\n", refused)
		return &errShown{errors.New("rows were refused")}
	}
	return nil
}
