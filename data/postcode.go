package data

import "tributary/geo"

// PostcodeRecord is what one row of a postcode file says: the centre of a full
// postcode, or of an outward half when Postcode is empty.
type PostcodeRecord struct {
	Line     int // as [ActivityRecord.Line]
	Postcode geo.Postcode
	Outcode  geo.Outcode // set for every record
	Lon, Lat float64     // degrees, EPSG:4326
	District geo.AreaCode
	PFA      string // police force area code; empty where the file has none
	// Terminated is the first day of the month in which the postcode was taken
	// out of use; zero for a live one.
	Terminated Date
}

// Validate reports what is wrong with r by itself, one *[Invalid] per problem.
func (r *PostcodeRecord) Validate() []*Invalid {
	var bad []*Invalid
	if r.Outcode == "" {
		bad = append(bad, Invalidf("postcode", "", "the row names no postcode: give one such as NR1 3JU, or its first half"))
	}
	if r.Postcode != "" && r.Postcode.Outcode() != r.Outcode {
		bad = append(bad, Invalidf("outcode", string(r.Outcode), "%s is not the first half of %s: correct one of the two", r.Outcode, r.Postcode))
	}
	if err := geo.CheckPoint(r.Lon, r.Lat); err != nil {
		bad = append(bad, Invalidf("latitude", "", "%v", err))
	}
	return bad
}
