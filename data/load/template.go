package load

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"tributary/data"
)

// WriteTemplate writes an empty file of a kind that says what goes where: the
// header, and a row of explanations that is to be replaced.
func WriteTemplate(w io.Writer, k *data.Kind) error {
	if _, err := w.Write(utf8BOM); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	header, row := make([]string, len(k.Fields)), make([]string, len(k.Fields))
	for i, f := range k.Fields {
		header[i], row[i] = f.Name, explained(f)
	}
	if err := out.Write(header); err != nil {
		return err
	}
	if err := out.Write(row); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// explained says what a column takes.
func explained(f data.Field) string {
	var say string
	switch {
	case f.Ref != "":
		say = fmt.Sprintf("id of a record of %s", strings.ReplaceAll(f.Ref, "_", " "))
	case f.In != "":
		say = strings.Join(data.Vocabularies[f.In], " | ")
	case f.Type == data.FieldMoney:
		say = "pounds such as 1234.50"
	case f.Type == data.FieldDate:
		say = "day such as 2025-04-01"
	case f.Type == data.FieldQuantity:
		say = "number with at most three decimals"
	default:
		say = string(f.Type)
	}
	if f.Type == data.FieldList {
		say += "; several joined by semicolons"
	}
	if f.Required {
		say += " (required)"
	}
	if f.Default != "" {
		say += " (empty means " + f.Default + ")"
	}
	return "# " + say
}
