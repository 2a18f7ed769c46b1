package geo

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseTile(t *testing.T) {
	for _, c := range []struct {
		z, x, y string
		ok      bool
	}{
		{"0", "0", "0", true}, {"14", "16383", "16383", true}, {"3", "7", "7", true},
		{"15", "0", "0", false}, {"3", "8", "0", false}, {"3", "0", "8", false}, {"-1", "0", "0", false}, {"0", "-1", "0", false},
		{"0", "0", "", false}, {"0.0", "0", "0", false}, {"+1", "0", "0", false}, {"0x1", "0", "0", false}, {" 1", "0", "0", false},
		{"1", "4294967296", "0", false}, {"99999999999999999999", "0", "0", false}, {"١", "0", "0", false},
	} {
		if _, err := ParseTile(c.z, c.x, c.y); (err == nil) != c.ok {
			t.Errorf("%s/%s/%s: %v", c.z, c.x, c.y, err)
		}
	}
}

func FuzzParseTile(f *testing.F) {
	f.Add("3", "4", "2")
	f.Add("14", "16384", "-0")
	f.Fuzz(func(t *testing.T, z, x, y string) {
		tile, err := ParseTile(z, x, y)
		if err != nil {
			return
		}
		if side := uint32(1) << tile.Z; tile.Z > MaxZoom || tile.X >= side || tile.Y >= side {
			t.Errorf("%q/%q/%q is read as %v", z, x, y, tile)
		}
	})
}

func TestParseBBox(t *testing.T) {
	for s, want := range map[string]string{ // the canonical spelling, or a part of the error
		"0.1,52.3,1.8,53":          "0.1,52.3,1.8,53",
		" 0.10 , 52.3,1.8 ,53.000": "0.1,52.3,1.8,53",
		"-0,-0.0,1e0,2":            "0,0,1,2",
		"-180,-90,180,90":          "-180,-90,180,90",
		"-80,-5,-70,5":             "-80,-5,-70,5",
		"52.3,0.1,53,1.8":          "looks swapped",
		"1,2,3":                    "is not a box",
		"1,2,3,4,5":                "is not a box",
		"":                         "is not a box",
		"NaN,1,2,3":                "not a number",
		"0,1,Inf,3":                "not a number",
		"0,1,1e999,3":              "not a number",
		"a,1,2,3":                  "not a number",
		"0,52,0,53":                "is empty",
		"0,52,1e-12,53":            "is empty",
		"1,53,2,52":                "is empty",
		"-181,1,2,3":               "beyond the world",
		"0,1,2,91":                 "beyond the world",
	} {
		b, err := ParseBBox(s)
		if err == nil && FormatBBox(b) != want || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v, want %s", s, b, err, want)
		}
	}
}

func FuzzParseBBox(f *testing.F) {
	f.Add("0.1,52.3,1.8,53")
	f.Add("-0,5e-324,1,0x1p3")
	f.Fuzz(func(t *testing.T, s string) {
		b, err := ParseBBox(s)
		if err != nil {
			return
		}
		again, err := ParseBBox(FormatBBox(b))
		if err != nil || again != b {
			t.Errorf("%q is read as %v, spelt %q, read as %v, %v", s, b, FormatBBox(b), again, err)
		}
		if len(FormatBBox(b)) > 60 {
			t.Errorf("%q is spelt %q", s, FormatBBox(b))
		}
	})
}

func TestPostcodes(t *testing.T) {
	for s, want := range map[string]string{
		"NR1 3JU": "NR1 3JU", "nr13ju": "NR1 3JU", " n r 1 3 j u ": "NR1 3JU", "SW1A 1AA": "SW1A 1AA", "W1A0AX": "W1A 0AX", "EC1A1BB": "EC1A 1BB",
		"NR1": "", "": "", "NR1 3J": "", "QQ1 1AA": "", "NR1 3CI": "", "NR1-3JU": "", "NR111 3JU": "", "ΝR1 3JU": "",
	} {
		p, err := ParsePostcode(s)
		if string(p) != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", s, p, err, want)
		}
	}
}

func FuzzParsePostcode(f *testing.F) {
	f.Add("NR1 3JU")
	f.Add("ſw1a 1aa")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePostcode(s)
		if err != nil {
			return
		}
		if again, err := ParsePostcode(string(p)); err != nil || again != p {
			t.Errorf("%q is read as %q, which is read as %q, %v", s, p, again, err)
		}
		if o, err := ParseOutcode(string(p.Outcode())); err != nil || o != p.Outcode() {
			t.Errorf("the outward half of %q is %q, %v", p, o, err)
		}
	})
}

func TestWithoutPostcodes(t *testing.T) {
	for s, want := range map[string]string{
		"":                              "",
		"Meet at NR1 3JU.":              "Meet at NR1.",
		"nr13ju":                        "nr1",
		"nr1-3ju,NR2\u00a04AB NR3 1AA;": "nr1,NR2 NR3;",
		"SW1A 1AA":                      "SW1A",
		"NR1 and NR2":                   "NR1 and NR2",
		"Room B12 3rd floor":            "Room B12 floor", // better than a postcode too many
		"A11 2026 NN12 34567":           "A11 2026 NN12 34567",
		"XNR1 3JU":                      "XNR1 3JU",
		"NR1 3JUX":                      "NR1 3JUX",
	} {
		if got := WithoutPostcodes(s); got != want {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
	}
}

// No postcode survives, wherever it stands.
func TestWithoutPostcodesFindsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.StringMatching(`(NR[1-9]|NR[1-3][0-9]|SW1A|W1A|B1) [0-9][ABD-HJLNP-UW-Z]{2}`).Draw(t, "postcode")
		spelt := strings.Replace(p, " ", rapid.SampledFrom([]string{"", " ", "-", "\u00a0"}).Draw(t, "blank"), 1)
		around := rapid.SampledFrom([]string{"", " ", ",", "(", "\n", "é", "?q="})
		s := fmt.Sprint("x", around.Filter(func(s string) bool { return s != "" }).Draw(t, "before"), spelt, around.Filter(func(s string) bool { return s != "" }).Draw(t, "after"), "x")
		if got := WithoutPostcodes(s); strings.Contains(got, spelt) || !strings.Contains(got, strings.Fields(p)[0]) {
			t.Fatalf("%q becomes %q", s, got)
		}
	})
}
