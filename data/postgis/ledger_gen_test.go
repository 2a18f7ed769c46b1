package postgis

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"tributary/data"
)

var update = flag.Bool("update", false, "write the generated queries again")

// column is how a field is stored: its column, the column's type, and the
// expression that reads it from a staged record.
func column(f data.Field) (name, typ, expr string) {
	text := fmt.Sprintf("(d->>'%s')", f.Name)
	switch f.Type {
	case data.FieldRef:
		return f.Name + "_id", "uuid", fmt.Sprintf("ref_%s.id", f.Name)
	case data.FieldMoney:
		return f.Name + "_pence", "bigint", text + "::bigint"
	case data.FieldQuantity:
		return f.Name + "_milli", "bigint", text + "::bigint"
	case data.FieldDate:
		return f.Name, "date", text + "::date"
	case data.FieldYesNo:
		return f.Name, "boolean", text + "::boolean"
	case data.FieldNumber:
		return f.Name, "double precision", text + "::double precision"
	case data.FieldWhole:
		return f.Name, "integer", text + "::integer"
	case data.FieldList:
		return f.Name, "text[]", fmt.Sprintf("ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'%s', '[]')))", f.Name)
	}
	return f.Name, "text", text
}

// refs are the fields of a kind that name other records.
func refs(k *data.Kind) (out []data.Field) {
	for _, f := range k.Fields {
		if f.Ref != "" {
			out = append(out, f)
		}
	}
	return out
}

// spelt reads the references of staged records into columns, as "FIELD_source"
// and "FIELD_ref". Row-level security lets no expression over a document use an
// index, but does a column.
func spelt(k *data.Kind) string {
	var b strings.Builder
	for _, f := range refs(k) {
		fmt.Fprintf(&b, ", raw.ref_source(s.doc->>'%[1]s') AS %[1]s_source, raw.ref_id(s.doc->>'%[1]s') AS %[1]s_ref", f.Name)
	}
	return b.String()
}

// joinRefs finds the records that a staged one refers to, spelt "SOURCE//ID".
func joinRefs(k *data.Kind) string {
	var b strings.Builder
	for _, f := range refs(k) {
		fmt.Fprintf(&b, "\n  LEFT JOIN raw.%s ref_%s ON (ref_%[2]s.source, ref_%[2]s.external_id) = (g.%[2]s_source, g.%[2]s_ref)", f.Ref, f.Name)
	}
	return b.String()
}

// missingSQL lists the references of staged records of a kind that lead
// nowhere.
func missingSQL(k *data.Kind) string {
	if len(refs(k)) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `-- References of staged %s that lead nowhere. Made by 'make generate'.
-- @source.
-- Index: (source, external_id) of what is referred to.
WITH given AS MATERIALIZED (
  SELECT s.n, s.line%s
  FROM staged s WHERE s.kind = '%s'
)
`, k.Plural, spelt(k), k.Name)
	for i, f := range refs(k) {
		if i > 0 {
			b.WriteString("UNION ALL\n")
		}
		fmt.Fprintf(&b, `SELECT g.n, g.line, '%[1]s' AS field, g.%[1]s_source || '//' || g.%[1]s_ref AS value
FROM given g
WHERE g.%[1]s_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.%[2]s r WHERE (r.source, r.external_id) = (g.%[1]s_source, g.%[1]s_ref))
`, f.Name, f.Ref)
	}
	return b.String()
}

// mergeSQL writes the staged records of a kind that differ from what is stored
// and counts them.
func mergeSQL(k *data.Kind) string {
	var cols, exprs, sets, olds, news []string
	for _, f := range k.Fields {
		if f.Name == "id" {
			continue
		}
		c, _, e := column(f)
		cols, exprs = append(cols, c), append(exprs, e+" AS "+c)
		sets = append(sets, c+" = EXCLUDED."+c)
		olds, news = append(olds, "t."+c), append(news, "EXCLUDED."+c)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `-- Writes the staged %s that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: %s (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d%s
  FROM staged s
  WHERE s.kind = '%s' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         %s
  FROM last g%s
), written AS (
  INSERT INTO raw.%s AS t (source, external_id, run_id, updated_at, %s)
  SELECT own_source, external_id, @run::uuid, now(), %s FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    %s
  WHERE ROW(%s)
    IS DISTINCT FROM ROW(%s)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT '%s', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
`, k.Plural, k.Name, spelt(k), k.Name, strings.Join(exprs, ",\n         "), joinRefs(k), k.Name, strings.Join(cols, ", "),
		strings.Join(cols, ", "), strings.Join(sets, ", "), strings.Join(olds, ", "), strings.Join(news, ", "), k.Name)
	return b.String()
}

// readSQL reads one record of a kind as it was given: by column, references
// spelt "SOURCE//ID", money in pence and quantities in thousandths.
func readSQL(k *data.Kind) string {
	var pairs, joins []string
	for _, f := range k.Fields {
		c, _, _ := column(f)
		expr := "r." + c
		switch {
		case f.Name == "id":
			expr = "r.external_id"
		case f.Ref != "":
			expr = fmt.Sprintf("ref_%[1]s.source || '//' || ref_%[1]s.external_id", f.Name)
			joins = append(joins, fmt.Sprintf("LEFT JOIN raw.%s ref_%[2]s ON ref_%[2]s.id = r.%[3]s\n", f.Ref, f.Name, c))
		}
		pairs = append(pairs, fmt.Sprintf("'%s', %s", f.Name, expr))
	}
	return fmt.Sprintf(`-- One of the %[1]s as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: %[2]s (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         %[3]s))
FROM raw.%[2]s r
%[4]sWHERE r.source = @source AND r.external_id = @id
`, k.Plural, k.Name, strings.Join(pairs, ",\n         "), strings.Join(joins, ""))
}

// tableSQL is a kind's table, for the migration that adds it.
func tableSQL(k *data.Kind) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE raw.%s (\n  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),\n  source text NOT NULL,\n  external_id text NOT NULL,\n  run_id uuid NOT NULL,\n  updated_at timestamptz NOT NULL,\n", k.Name)
	for _, f := range k.Fields {
		if f.Name == "id" {
			continue
		}
		c, typ, _ := column(f)
		fmt.Fprintf(&b, "  %s %s", c, typ)
		if f.Required || f.Type == data.FieldYesNo || f.Type == data.FieldList {
			b.WriteString(" NOT NULL")
		}
		if f.Ref != "" {
			fmt.Fprintf(&b, " REFERENCES raw.%s", f.Ref)
		}
		b.WriteString(",\n")
	}
	b.WriteString("  UNIQUE (source, external_id)\n);\n")
	return b.String()
}

// Whose the records of a kind are must be said, or nobody but admins could
// write them.
func TestEveryKindSaysWhose(t *testing.T) {
	for _, k := range data.Kinds {
		if sqlBelong[k.Name] == "" {
			t.Errorf("write sql/belong_%s.sql: in which territories each of the %s lies, who owns it, who else may know of it", k.Name, k.Plural)
		}
		if sqlRead[k.Name] == "" {
			t.Errorf("there is no sql/read_%s.sql: run 'make generate'", k.Name)
		}
	}
}

func TestLedgerQueriesAreUpToDate(t *testing.T) {
	if os.Getenv("TABLES") != "" {
		for _, k := range data.Kinds {
			fmt.Println(tableSQL(k))
		}
	}
	for _, k := range data.Kinds {
		if k.Name == "activity" {
			continue // has places, and a merge of its own
		}
		for name, want := range map[string]string{"merge_" + k.Name: mergeSQL(k), "missing_" + k.Name: missingSQL(k), "read_" + k.Name: readSQL(k)} {
			path := "sql/" + name + ".sql"
			if want == "" {
				continue
			}
			if *update {
				if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			got, err := os.ReadFile(path)
			if err != nil || string(got) != want {
				t.Errorf("%s is not what the kind says: run 'make generate'", path)
			}
		}
	}
}
