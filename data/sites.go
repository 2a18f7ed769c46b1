package data

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tributary/geo"
)

// MaxSites bounds the sites of one question.
const MaxSites = 500

// maxSiteList bounds a list of sites in bytes: five hundred rows with what else
// a spreadsheet says of them.
const maxSiteList = 1 << 19

// ReadSites reads a supplier's sites from a table with a column postcode, or
// columns latitude and longitude, or of postcodes alone without a heading;
// separated by commas, semicolons or tabs. Rows that say no place are refused
// by their number.
func ReadSites(r io.Reader) ([]string, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSiteList+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxSiteList {
		return nil, Invalidf("sites", "", "the file is larger than %d KB: leave nothing but the column postcode, or latitude and longitude", maxSiteList>>10)
	}
	body := strings.TrimPrefix(string(text), "\ufeff")
	first, _, _ := strings.Cut(body, "\n")
	c := csv.NewReader(strings.NewReader(body))
	c.FieldsPerRecord = -1
	for _, separator := range ";\t" {
		if strings.ContainsRune(first, separator) && !strings.Contains(first, ",") {
			c.Comma = separator
		}
	}
	c.TrimLeadingSpace = c.Comma != '\t' // a tab is white, too
	rows, err := c.ReadAll()
	if err != nil {
		return nil, Invalidf("sites", "", "this is no CSV: %v; save the sheet as CSV in UTF-8", err)
	}
	if len(rows) == 0 {
		return nil, Invalidf("sites", "", "the file is empty: give a column postcode, or latitude and longitude, and a row for each site")
	}
	at, headed, err := siteColumns(rows[0])
	if err != nil {
		return nil, err
	}
	line := 1
	if headed {
		rows, line = rows[1:], 2
	}
	var sites, faults []string
	for i, row := range rows {
		site, err := at(row)
		if err == nil && site != "" {
			_, err = ParseSite(site)
		}
		if err != nil {
			faults = append(faults, fmt.Sprintf("row %d %s", line+i, strings.TrimPrefix(err.Error(), "site: ")))
			continue
		}
		if site != "" && !slices.Contains(sites, site) {
			sites = append(sites, site)
		}
		if len(sites) > MaxSites {
			return nil, Invalidf("sites", "", "there are more than %d sites: ask for at most %d at a time", MaxSites, MaxSites)
		}
	}
	if more := len(faults) - listedFaults; more > 0 {
		faults = append(faults[:listedFaults], fmt.Sprintf("and %d rows more", more))
	}
	if len(faults) > 0 {
		return nil, Invalidf("sites", "", "%s. Mend the file and upload it again", strings.Join(faults, "; "))
	}
	if len(sites) == 0 {
		return nil, Invalidf("sites", "", "no row names a place: give a postcode, or latitude and longitude, in each")
	}
	return sites, nil
}

// listedFaults is how many faulty rows of a file are told apart.
const listedFaults = 10

// SitePlace is a site as it was given: by one of these.
type SitePlace struct {
	Postcode geo.Postcode
	Outcode  geo.Outcode
	Point    *orb.Point // EPSG:4326
}

// ParseSite reads a postcode, its outward half, or "latitude longitude".
func ParseSite(site string) (SitePlace, error) {
	if p, err := geo.ParsePostcode(site); err == nil {
		return SitePlace{Postcode: p, Outcode: p.Outcode()}, nil
	}
	if o, err := geo.ParseOutcode(site); err == nil {
		return SitePlace{Outcode: o}, nil
	}
	if f := strings.Fields(site); len(f) == 2 {
		lat, err := strconv.ParseFloat(f[0], 64)
		lon, err2 := strconv.ParseFloat(f[1], 64)
		if err == nil && err2 == nil {
			if err := geo.CheckPoint(lon, lat); err != nil {
				return SitePlace{}, Invalidf("site", site, "%v", err)
			}
			return SitePlace{Point: &orb.Point{lon, lat}}, nil
		}
	}
	return SitePlace{}, Invalidf("site", site, "%q is no place: give a postcode such as NR1 3JU, or latitude and longitude such as 52.6309 1.2974", site)
}

// siteColumns tells from the first row where sites stand in a row, and whether
// it is a heading.
func siteColumns(first []string) (at func(row []string) (string, error), headed bool, err error) {
	find := func(names ...string) int {
		return slices.IndexFunc(first, func(s string) bool {
			return slices.Contains(names, strings.ToLower(strings.TrimSpace(s)))
		})
	}
	cell := func(row []string, i int) string {
		if i < 0 || i >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[i])
	}
	postcode, lat, lon := find("postcode", "post code", "postal_code", "postalcode"), find("latitude", "lat"), find("longitude", "lon", "lng", "long")
	headed = postcode >= 0 || lat >= 0 && lon >= 0
	if !headed && len(first) > 1 {
		return nil, false, Invalidf("sites", strings.Join(first, ","), "there is no column postcode, nor latitude and longitude: name one so in the first row")
	}
	if !headed {
		postcode = 0
	}
	return func(row []string) (string, error) {
		if p := cell(row, postcode); p != "" {
			return p, nil
		}
		y, x := cell(row, lat), cell(row, lon)
		switch {
		case y != "" && x != "":
			return y + " " + x, nil
		case y != "" || x != "":
			return "", errors.New("has only one of latitude and longitude: give both")
		}
		return "", nil // an empty row
	}, headed, nil
}
