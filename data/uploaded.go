package data

// Uploaded is what a file of records of one kind holds, read as imports read it.
type Uploaded struct {
	Columns []string         // in the order of the file
	Unused  []string         // of these, the ones that no field takes
	Records []Incoming       // rows that can be read, by line
	Refused []Refusal        // what is wrong with the others
	Cells   map[int][]string // of each row, by line, to give the refused ones back
}
