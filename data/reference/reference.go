// Package reference holds facts that come with the program: regions,
// territories, policing bodies, districts, towns, the Norfolk plan and
// approximate boundaries. It does nothing but read its own files, once, when
// first asked; README.md beside it says where each comes from.
//
// Every function returns slices of its own, but boundaries share their
// coordinates: treat those as read-only.
package reference

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"

	"tributary/data"
	"tributary/geo"
)

//go:generate go run ./generate -dir .

//go:embed *.csv *.json *.gz
var files embed.FS

// TownsAttribution must stand wherever towns are shown (CC BY 4.0, section 3).
const TownsAttribution = "Place names: GeoNames (geonames.org), CC BY 4.0"

// Regions returns the 12 regions and nations in GSS order: England's nine,
// Wales, Scotland, Northern Ireland.
func Regions() []data.Region { return slices.Clone(regions()) }

// Territories returns the 45 police territories in the order of their codes:
// England, Wales, Scotland, Northern Ireland.
func Territories() []data.Territory { return slices.Clone(territories()) }

// Districts returns the 361 local authority districts (codes of 2025) in code
// order.
func Districts() []data.District { return slices.Clone(districts()) }

// Towns returns the 4,301 populated places, most populous first; a population
// of 0 is unknown. Show [TownsAttribution] with them.
func Towns() []data.Town { return slices.Clone(towns()) }

// Source is whose records the reference's are.
const Source = "reference"

// Kinds names the kinds of which the reference has records, in the order of
// loading.
func Kinds() []string {
	return []string{"territory", "policing_body", "governance", "procurement_group", "plan", "priority", "measure", "policy"}
}

// Records returns the reference's records of a kind, in the order of the file,
// which has the columns of any import of that kind: the 45 territories, who
// answers for each and since when, procurement groups, and the Norfolk plan
// with its priorities, measures and policy.
func Records(kind string) []data.Record {
	k, ok := data.KindNamed(kind)
	if !ok {
		panic("reference: no kind " + kind)
	}
	return rows(k.Plural+".csv", func(r row) data.Record {
		rec, bad := k.Read(Source, func(column string) string {
			i, ok := r.column[column]
			if !ok {
				return ""
			}
			return r.values[i]
		})
		if len(bad) > 0 {
			panic(fmt.Sprintf("reference: %s: %v", r.file, bad))
		}
		return rec
	})
}

// Regimes returns the four nations' law on social value.
func Regimes() []data.Regime { return must(readJSON[[]data.Regime]("regimes.json")) }

var regions = sync.OnceValue(func() []data.Region {
	return rows("regions.csv", func(r row) data.Region {
		return data.Region{Code: geo.RegionCode(r.text("code")), ITL1: r.text("itl1"), NUTS1: r.text("nuts1"),
			Name: r.text("name"), NameCy: r.text("name_cy"), Nation: r.text("nation")}
	})
})

var territories = sync.OnceValue(func() []data.Territory {
	nation := make(map[geo.RegionCode]string)
	for _, r := range regions() {
		nation[r.Code] = r.Nation
	}
	return rows("territories.csv", func(r row) data.Territory {
		region := geo.RegionCode(r.text("region"))
		return data.Territory{ID: geo.TerritoryID(r.text("id")), Code: r.text("code"), CodeKind: r.text("code_kind"),
			Name: r.text("name"), NameCy: r.text("name_cy"), Force: r.text("force"), PoliceUKID: r.text("police_uk_id"),
			Region: region, Nation: nation[region], PlanKind: r.text("plan_kind")}
	})
})

var districts = sync.OnceValue(func() []data.District {
	return rows("districts.csv", func(r row) data.District {
		return data.District{Code: geo.AreaCode(r.text("code")), Name: r.text("name"), NameCy: r.text("name_cy"),
			Kind: r.text("kind"), Territory: geo.TerritoryID(r.text("territory"))}
	})
})

var towns = sync.OnceValue(func() []data.Town {
	return rows("towns.csv.gz", func(r row) data.Town {
		return data.Town{Name: r.text("name"), Population: int(r.number("population")),
			Lon: r.number("lon"), Lat: r.number("lat")}
	})
})

// row is a line of one of our files by column name.
type row struct {
	file   string
	column map[string]int
	values []string
}

// The files are ours and tested, so a fault in them is a fault of the program:
// it panics.
func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("reference: %v", err))
	}
	return v
}

func (r row) text(column string) string {
	i, ok := r.column[column]
	if !ok {
		panic(fmt.Sprintf("reference: %s has no column %s", r.file, column))
	}
	return r.values[i]
}

func (r row) number(column string) float64 { return must(strconv.ParseFloat(r.text(column), 64)) }

func rows[T any](file string, read func(row) T) []T {
	lines := must(csv.NewReader(bytes.NewReader(must(content(file)))).ReadAll())
	column := make(map[string]int)
	for i, name := range lines[0] {
		column[name] = i
	}
	out := make([]T, len(lines)-1)
	for i, values := range lines[1:] {
		out[i] = read(row{file, column, values})
	}
	return out
}

func readJSON[T any](file string) (v T, err error) {
	b, err := content(file)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	return v, err
}

// content is an embedded file, decompressed if its name ends in gz.
func content(file string) ([]byte, error) {
	b, err := files.ReadFile(file)
	if err != nil || !bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
		return b, err
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
