package load

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"tributary/data"
)

// ProgrammeFile is a file or a sheet of one kind in a programme.
type ProgrammeFile struct {
	Kind  *data.Kind
	Path  string
	Sheet string // of a workbook
}

// Programme finds the files of a folder, or the sheets of a workbook, that are
// named after kinds of record, in the order of loading. A name that is no
// kind's is refused: a typing error must not leave out a sheet.
func Programme(path string) ([]ProgrammeFile, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	var found []ProgrammeFile
	if info.IsDir() {
		found, err = folder(path)
	} else {
		found, err = sheets(path)
	}
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, data.Invalidf("file", path, "%s holds no file or sheet named after a kind of record, such as contracts.csv: the names are %s", filepath.Base(path), kindNames())
	}
	slices.SortFunc(found, func(a, b ProgrammeFile) int {
		return slices.Index(data.Kinds, a.Kind) - slices.Index(data.Kinds, b.Kind)
	})
	for i := 1; i < len(found); i++ {
		if found[i].Kind == found[i-1].Kind {
			return nil, data.Invalidf("file", path, "%s holds %s twice: join the two", filepath.Base(path), found[i].Kind.Plural)
		}
	}
	return found, nil
}

func folder(path string) ([]ProgrammeFile, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var found []ProgrammeFile
	for _, e := range entries {
		ext := strings.ToLower(filepath.Ext(e.Name()))
		if e.IsDir() || !slices.Contains([]string{".csv", ".tsv", ".xlsx", ".jsonl", ".ndjson"}, ext) || strings.HasSuffix(strings.TrimSuffix(e.Name(), ext), ".refused") {
			continue
		}
		k, ok := data.KindNamed(strings.TrimSuffix(e.Name(), filepath.Ext(e.Name())))
		if !ok {
			return nil, notAKind(e.Name(), "file")
		}
		found = append(found, ProgrammeFile{Kind: k, Path: filepath.Join(path, e.Name())})
	}
	return found, nil
}

func sheets(path string) ([]ProgrammeFile, error) {
	book, err := excelize.OpenFile(path)
	if err != nil {
		return nil, data.Invalidf("file", path, "%s is neither a folder nor a workbook: give one of the two", filepath.Base(path))
	}
	defer book.Close()
	var found []ProgrammeFile
	for _, sheet := range book.GetSheetList() {
		k, ok := data.KindNamed(strings.ReplaceAll(sheet, " ", "_"))
		if !ok {
			return nil, notAKind(sheet, "sheet")
		}
		found = append(found, ProgrammeFile{Kind: k, Path: path, Sheet: sheet})
	}
	return found, nil
}

func notAKind(name, what string) error {
	return data.Invalidf(what, name, "%q is named after no kind of record: rename it to one of %s, or move it elsewhere", name, kindNames())
}

// kindNames are what a programme's files and sheets may be called.
func kindNames() string {
	names := make([]string, len(data.Kinds))
	for i, k := range data.Kinds {
		names[i] = k.Plural
	}
	return strings.Join(names, ", ")
}
