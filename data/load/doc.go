// Package load reads other people's files: tables as CSV, TSV, XLSX or
// GeoJSON, postcodes, boundaries. It turns them into records of package data,
// and says of every row it does not take which line and column is wrong, why,
// and what to do about it.
//
// Files are read as a stream: memory does not grow with their size. Nothing
// here speaks SQL. Start reading at table.go.
package load
