package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"

	"tributary/data"
	"tributary/data/load"
)

// fileJob is one file on its way in: what is said of it meanwhile and what is
// kept of its refused rows.
type fileJob struct {
	con    *console
	table  *load.Table
	report *load.Report
	sha256 string
	// early are refusals by the reader, lateOnes by the store; both in the
	// order of the file.
	early, lateOnes *load.RefusalLog
	progress        *progress
}

func newFileJob(con *console, table *load.Table, path string) (*fileJob, error) {
	sum, err := digest(path)
	if err != nil {
		return nil, err
	}
	j := &fileJob{con: con, table: table, report: &load.Report{}, sha256: sum}
	if j.early, err = load.NewRefusalLog(); err != nil {
		return nil, err
	}
	if j.lateOnes, err = load.NewRefusalLog(); err != nil {
		return nil, errors.Join(err, j.early.Close())
	}
	_, total := table.Progress()
	j.progress = newProgress(con.err, "reading "+table.Source(), total)
	return j, nil
}

func (j *fileJob) close() {
	j.progress.done()
	j.early.Close()
	j.lateOnes.Close()
}

// read notes that a row was read, and refused if there are refusals.
func (j *fileJob) read(refusals []data.Refusal) {
	j.report.Read++
	if j.report.Read%256 == 0 {
		done, _ := j.table.Progress()
		j.progress.at(done, j.report.Read)
	}
	if len(refusals) == 0 {
		return
	}
	j.report.Refuse(refusals...)
	if err := j.early.Add(refusals...); err != nil {
		j.con.log.Warn("the refused rows cannot be kept", "error", err)
	}
}

// placing notes that the whole file was read.
func (j *fileJob) placing() {
	j.progress.done()
	j.report.Describe(j.table)
	fmt.Fprintf(j.con.err, "read %d rows; placing and merging them\n", j.report.Read)
}

// late notes a row that the store refused.
func (j *fileJob) late(r data.Refusal) error {
	j.report.Refuse(r)
	return j.lateOnes.Add(r)
}

func (j *fileJob) refusedRows() int { return j.report.Refused }

// writeRefused reads the file once more for the rows that were refused.
func (j *fileJob) writeRefused(ctx context.Context, file string, opt load.TableOptions, path string) (err error) {
	table, err := load.OpenTable(file, opt)
	if err != nil {
		return err
	}
	defer table.Close()
	out, err := private(path)
	if err != nil {
		return fmt.Errorf("the refused rows: %w; name another file with --refused", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = load.WriteRefused(ctx, out, table, load.MergeRefusals(j.early, j.lateOnes))
	return err
}

// private makes a file, or empties it, that nobody but its owner may read: what
// was refused may say where something secret is.
func private(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Chmod(0o600); err != nil { // it may have been there
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// progress tells a person how far a file was read: a bar on a terminal, a line
// every few seconds elsewhere.
type progress struct {
	bar   *progressbar.ProgressBar
	out   io.Writer
	what  string
	total int64
	last  time.Time
}

// every is how often a line is printed where there is no terminal.
const every = 5 * time.Second

func newProgress(out io.Writer, what string, total int64) *progress {
	p := &progress{out: out, what: what, total: total, last: time.Now()}
	if f, ok := out.(*os.File); ok && isTerminal(f) {
		p.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(what),
			progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
	}
	return p
}

// newCounter is a progress in things, not bytes; a total of -1 is not known.
func newCounter(out io.Writer, what string, total int64) *progress {
	p := &progress{out: out, what: what, total: total, last: time.Now()}
	if f, ok := out.(*os.File); ok && isTerminal(f) {
		p.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(), progressbar.OptionShowIts(),
			progressbar.OptionSetItsString("rows"), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
	}
	return p
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (p *progress) at(done int64, rows int) {
	if p.bar != nil {
		p.bar.Set64(done) // it only draws
		return
	}
	if time.Since(p.last) >= every {
		p.last = time.Now()
		if p.total < 0 {
			fmt.Fprintf(p.out, "%s: %d rows\n", p.what, rows)
			return
		}
		fmt.Fprintf(p.out, "%s: %d rows, %d%%\n", p.what, rows, 100*done/max(p.total, 1))
	}
}

func (p *progress) done() {
	if p.bar != nil {
		p.bar.Finish()
		p.bar = nil
	}
}
