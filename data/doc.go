// Package data holds Tributary's records, the rules they obey, the one filter
// and the questions with their answers, as plain types.
//
// It knows nothing of SQL or HTTP: rooms that store, read or show records
// import it, never the other way round. Start reading at filter.go for what a
// question may ask, at activity.go and place.go for what is on the map.
//
// Units are in the names: money is integer pence, distances are metres,
// coordinates are EPSG:4326 degrees with the longitude first. Days are
// Europe/London civil dates, instants are UTC.
package data
