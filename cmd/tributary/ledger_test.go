package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// programme writes a folder of small files, one a kind.
func programme(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestProgrammeInOneTransaction(t *testing.T) {
	dir := dataDir(t)
	files := map[string]string{
		"organisations.csv": "id,name,kind,sector\npolice,Example Police,buyer,police\nbuilder,Example Builders,supplier,\n",
		"contracts.csv":     "id,buyer,supplier,title,value,starts_on\nk1,police,builder,Repairs,50000,2025-04-01\n",
		"contributions.csv": "id,supplier,contract,type,value,delivered_from,places\nc1,builder,k1,donation_money,100,2025-05-01,norfolk;suffolk;kent\nc2,builder,k1,donation_money,0.005,2025-05-01,norfolk\n",
	}
	folder := programme(t, files)
	out, err := tributary(dir, "import", "programme", folder, "--source", "example")
	if err == nil || !strings.Contains(out, "fraction of a penny") || !strings.Contains(out, "Nothing was imported") {
		t.Fatalf("a programme with a bad row: %v\n%s", err, out)
	}
	out, err = tributary(dir, "import", "programme", folder, "--source", "example", "--partial")
	if err != nil || !strings.Contains(out, "4 added") {
		t.Fatalf("the same with --partial: %v\n%s", err, out)
	}
	if refused := readCSV(t, filepath.Join(folder, "contributions.refused.csv")); len(refused) != 2 {
		t.Errorf("the refused row was written as %v", refused)
	}
	if out, err := tributary(dir, "check"); err != nil || !strings.Contains(out, "Everything adds up") {
		t.Errorf("check: %v\n%s", err, out)
	}
	// A sheet whose name is a typing error is not passed over.
	typo := programme(t, map[string]string{"contributons.csv": files["contributions.csv"]})
	if out, err := tributary(dir, "import", "programme", typo); err == nil || !strings.Contains(out, "named after no kind") {
		t.Errorf("a misspelt file: %v\n%s", err, out)
	}
	if out, err := tributary(dir, "import", "contribution", "--template"); err != nil || !strings.Contains(out, "delivered_from") {
		t.Errorf("a template: %v\n%s", err, out)
	}
}

// JSON Lines are told by content, with money in whole pence; what is refused is
// written as JSON Lines too.
func TestImportJSONLines(t *testing.T) {
	dir := dataDir(t)
	const line = `"supplier":"GB-COH-09506232","supplier_name":"Example Builders","type":"donation_money","delivered_from":"2025-05-01","territory":"norfolk"`
	folder := programme(t, map[string]string{"gifts.txt": `{"id":"c1","value":10000,` + line + "}\n" + `{"id":"c2","value":100.5,` + line + "}\n"})
	file := filepath.Join(folder, "gifts.txt")
	if out, err := tributary(dir, "import", "contributions", file); err == nil || !strings.Contains(out, "whole pence") {
		t.Errorf("a fraction of a penny: %v\n%s", err, out)
	}
	if out, err := tributary(dir, "import", "contributions", file, "--partial"); err != nil || !strings.Contains(out, "1 added") {
		t.Errorf("with --partial: %v\n%s", err, out)
	}
	refused, err := os.ReadFile(filepath.Join(folder, "gifts.refused.jsonl"))
	if err != nil || !strings.Contains(string(refused), `"refused_line":2`) {
		t.Fatalf("the refused line: %v %s", err, refused)
	}
	mended := programme(t, map[string]string{"gifts.jsonl": strings.Replace(string(refused), "100.5", "10050", 1)})
	if out, err := tributary(dir, "import", "contributions", filepath.Join(mended, "gifts.jsonl"), "--source", "gifts"); err != nil || !strings.Contains(out, "1 added") {
		t.Errorf("mended: %v\n%s", err, out)
	}
}
