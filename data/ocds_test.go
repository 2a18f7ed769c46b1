package data

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const ocdsExample = `{"ocid":"ocds-h6vhtk-000123","id":"1","date":"2026-03-01T10:00:00Z","tag":["contract"],
 "buyer":{"id":"B1","name":"Example Council"},
 "parties":[{"id":"B1","name":"Example Council","identifier":{"scheme":"GB-COH","id":"00000002"},"roles":["buyer"]},
            {"id":"S1","name":"Example Builders Ltd","identifier":{"scheme":"GB-COH","id":"09506232"},"roles":["supplier"]}],
 "tender":{"id":"t","title":"Cleaning of offices","mainProcurementCategory":"services"},
 "awards":[{"id":"a1","suppliers":[{"id":"S1","name":"Example Builders Ltd"}],"value":{"amount":12000.5,"currency":"GBP"}}],
 "contracts":[{"id":7,"awardID":"a1","period":{"startDate":"2026-03-31T23:00:00Z","endDate":"2026-09-30"},"dateSigned":"2026-02-27T00:00:00Z"}]}`

func TestAContractIsTakenFromARelease(t *testing.T) {
	want := map[string]string{"title": "Cleaning of offices", "ocid": "ocds-h6vhtk-000123", "kind": "services", "buyer": "GB-COH-00000002", "buyer_name": "Example Council",
		"supplier": "GB-COH-09506232", "supplier_name": "Example Builders Ltd", "value": "12000.50", "signed_on": "2026-02-27", "starts_on": "2026-04-01", "ends_on": "2026-09-30"}
	for name, text := range map[string]string{
		"a release":         ocdsExample,
		"a release package": `{"uri":"x","releases":[` + ocdsExample + `]}`,
		"a record package":  `{"records":[{"ocid":"o","compiledRelease":` + ocdsExample + `}]}`,
		"a record":          `{"ocid":"o","compiledRelease":` + ocdsExample + `}`,
		"told of twice":     `{"releases":[` + ocdsExample + `,` + strings.Replace(ocdsExample, "12000.5", "1", 1) + `,` + strings.Replace(ocdsExample, "03-01T", "03-02T", 1) + `]}`,
	} {
		list, err := ReadOCDS([]byte(text))
		if err != nil || len(list) != 1 {
			t.Errorf("%s: %d contracts, %v", name, len(list), err)
			continue
		}
		if got := list[0].Values; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s:\n%v, want\n%v", name, got, want)
		}
	}
}

func TestWhatAReleaseDoesNotSayIsTold(t *testing.T) {
	for _, c := range []struct{ old, new, note string }{
		{`"currency":"GBP"`, `"currency":"EUR"`, "Its value is 12000.5 EUR"},
		{`12000.5`, `12000.555`, "no amount of whole pence"},
		{`12000.5`, `-1`, "no amount of whole pence"},
		{`"suppliers":[{`, `"suppliers":[{"id":"S2","name":"Second"},{`, "There are 2 suppliers"},
		{`"scheme":"GB-COH","id":"09506232"`, `"scheme":"XX","id":"7"`, "The supplier Example Builders Ltd has no identifier"},
		{`"2026-09-30"`, `"soon"`, `Its date "soon" is none`},
		{`"mainProcurementCategory":"services"`, `"x":1`, "is not said"},
		{`"contracts"`, `"others"`, "tells of an award, and of no contract"},
	} {
		list, err := ReadOCDS([]byte(strings.Replace(ocdsExample, c.old, c.new, 1)))
		if err != nil || !strings.Contains(strings.Join(list[0].Notes, "\n"), c.note) {
			t.Errorf("%s: %q is not told: %v %v", c.new, c.note, list, err)
		}
	}
	for text, says := range map[string]string{
		"":                         "ends too early",
		"{":                        "ends too early",
		"ocid,title":               "is not the JSON",
		"[]":                       "is not the JSON",
		ocdsExample + "{}":         "something after",
		`{"title":"x"}`:            "no ocid",
		`{"ocid":"o","tender":{}}`: "neither a contract nor an award",
		`{"ocid":"o","awards":{}}`: "is not the JSON",
	} {
		_, err := ReadOCDS([]byte(text))
		var bad *Invalid
		if !errors.As(err, &bad) || bad.Field != "release" || !strings.Contains(bad.Reason, says) {
			t.Errorf("%.30q: %v, want %q", text, err, says)
		}
	}
}

// Whatever is pasted, reading ends with contracts that have keys, or says why
// not; what it takes passes the rules of a contract's columns.
func FuzzOCDS(f *testing.F) {
	f.Add(ocdsExample)
	f.Add(`{"releases":[{"ocid":"o","awards":[{"id":1,"value":{"amount":1e3}}]}]}`)
	f.Add(`{"records":[{"releases":[{"ocid":"o","contracts":[{"id":null}]}]}]}`)
	k, _ := KindNamed("contract")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ReadOCDS([]byte(text))
		if err != nil {
			if errors.As(err, new(*Invalid)) {
				return
			}
			t.Fatalf("not an *Invalid: %v", err)
		}
		for _, c := range list {
			for _, column := range []string{"value", "signed_on", "starts_on", "ends_on", "kind"} {
				_, bad := k.Read("x", func(name string) string {
					if name == column {
						return c.Values[name]
					}
					return ""
				})
				for _, b := range bad {
					if b.Field == column && c.Values[column] != "" {
						t.Errorf("%s %q: %s", column, c.Values[column], b.Reason)
					}
				}
			}
		}
	})
}
