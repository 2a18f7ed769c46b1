package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tributary/data"
	"tributary/data/load"
	"tributary/data/postgis"
)

type importBoundariesCmd struct {
	File        string `arg:"" help:"GeoJSON with a code property of any of the usual ONS names (PFA23CD, gss, RGN, LAD…), EPSG:4326 or 27700." type:"existingfile"`
	Also        string `help:"A second file, for what the first lacks: the countries, for Scotland and Northern Ireland beside England's and Wales's police force areas." type:"existingfile" placeholder:"FILE"`
	KeepMissing bool   `help:"Keep the present boundaries of what the file lacks."`
	Label       string `help:"What to call this version. Default: the file's name." placeholder:"TEXT"`
	Attribution string `help:"Who made the boundaries, shown beside every map." default:"Source: Office for National Statistics licensed under the Open Government Licence v3.0. Contains OS data © Crown copyright and database right."`
	Licence     string `help:"Under which licence they are passed on." default:"OGL-UK-3.0"`
	DryRun      bool   `help:"Check the file and change nothing."`
}

// mostProblems is how many reasons for refusing a file are printed.
const mostProblems = 30

// Run checks the file and puts its boundaries in force, or says why not.
func (cmd *importBoundariesCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	set, err := cmd.read(ctx, con, o)
	if err != nil {
		return err
	}
	if cmd.DryRun {
		fmt.Fprintln(con.out, "This was a dry run: the file is good and nothing was changed.")
		return nil
	}
	fmt.Fprintln(con.err, "drawing the boundaries for every zoom and finding every place again")
	res, err := o.LoadBoundaries(ctx, postgis.Operator, []data.BoundarySet{set}, false)
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	if res.Unchanged {
		fmt.Fprintln(con.out, "These boundaries are in force already: nothing was changed.")
		return nil
	}
	fmt.Fprintf(con.out, "%d boundaries of kind %s are in force. %s places were found again; %s of them lie in another territory or area now.\n",
		len(set.Shapes), set.Kind, data.Thousands(res.Places), data.Thousands(res.Reassigned))
	return nil
}

// read reads and checks the file and prints what it holds.
func (cmd *importBoundariesCmd) read(ctx context.Context, con *console, o *opened) (data.BoundarySet, error) {
	current, err := o.CurrentBoundaries(ctx)
	if err != nil {
		return data.BoundarySet{}, err
	}
	f, err := os.Open(cmd.File)
	if err != nil {
		return data.BoundarySet{}, err
	}
	defer f.Close()
	opt := load.BoundaryOptions{Label: cmd.Label, Source: cmd.Attribution, Licence: cmd.Licence, KeepMissing: cmd.KeepMissing, Current: current}
	if opt.Label == "" {
		opt.Label = filepath.Base(cmd.File)
	}
	if cmd.Also != "" {
		also, err := os.Open(cmd.Also)
		if err != nil {
			return data.BoundarySet{}, err
		}
		defer also.Close()
		opt.Also = also
	}
	fmt.Fprintf(con.err, "reading and checking %s\n", filepath.Base(cmd.File))
	set, report, err := load.Boundaries(f, opt)
	printBoundaryReport(con.out, report)
	if errors.Is(err, load.ErrBoundaries) {
		err = &errShown{err}
	}
	return set, err
}

func printBoundaryReport(out io.Writer, r *load.BoundaryReport) {
	if r.Kind != "" {
		fmt.Fprintf(out, "%d features of kind %s, %s vertices, codes from %s, %s", r.Features, r.Kind, data.Thousands(r.Vertices), r.Property, r.CRS)
		if r.Guessed {
			fmt.Fprint(out, " (told by the size of the numbers)")
		}
		fmt.Fprintln(out)
	}
	if n := len(r.OtherVintage); n > 0 {
		fmt.Fprintf(out, "%d districts are of another year than 2025\n", n)
	}
	if len(r.Also)+len(r.Kept) > 0 {
		fmt.Fprintf(out, "taken from the second file: %v; kept from before: %v\n", r.Also, r.Kept)
	}
	for _, n := range r.Notes {
		fmt.Fprintln(out, n)
	}
	for i, p := range r.Problems {
		if i == mostProblems {
			fmt.Fprintf(out, "… and %d more\n", len(r.Problems)-mostProblems)
			break
		}
		fmt.Fprintln(out, p)
	}
	if len(r.Problems) > 0 {
		fmt.Fprintln(out, "The file was refused and nothing was changed.")
	}
}
