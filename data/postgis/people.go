package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlPeopleTouched = query("people_touched")
	sqlPeopleAll     = query("people_all")
	sqlPeopleSums    = query("people_sums")
	sqlPeopleClear   = query("people_clear")
	sqlPeopleShown   = query("people_shown")
)

// peopleRow is a row of pub.people; nil is withheld.
type peopleRow struct {
	Territory string
	Measure   string
	Quarter   time.Time
	Part      string // territory, area, elsewhere
	Area      string
	People    *int64
}

// key is what tells the row from others.
func (r peopleRow) key() string {
	return fmt.Sprintf("%s %s %s %s%s", r.Territory, r.Measure, r.Quarter.Format(time.DateOnly), r.Part, r.Area)
}

// countPeople decides again what is told of the people of "people_group", from
// all contributions that count there.
func countPeople(ctx context.Context, tx pgx.Tx) error {
	rows, err := peopleNow(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlPeopleClear); err != nil || len(rows) == 0 {
		return err
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"pub", "people"}, []string{"territory_id", "measure", "quarter", "part", "area_code", "people"},
		pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
			r := rows[i]
			return []any{r.Territory, r.Measure, r.Quarter, r.Part, r.Area, r.People}, nil
		}))
	return err
}

// countAllPeople is countPeople for everybody, where what is told may be of
// facts that are gone.
func countAllPeople(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, sqlPeopleAll); err != nil {
		return err
	}
	return countPeople(ctx, tx)
}

// peopleNow is what may be told of the people of "people_group": of each
// territory, and of its parts where there is anything of it to be told.
func peopleNow(ctx context.Context, tx pgx.Tx) ([]peopleRow, error) {
	rows, err := tx.Query(ctx, sqlPeopleSums, pgx.StrictNamedArgs{"states": data.CountedStates, "standings": data.DefaultStandings})
	if err != nil {
		return nil, err
	}
	var out, group []peopleRow
	var counts []int64
	end := func() {
		if len(group) == 0 {
			return
		}
		total, shown := data.ProtectPeople(counts)
		whole := group[0]
		whole.Part, whole.Area, whole.People = "territory", "", total
		out = append(out, whole)
		for i := range group {
			group[i].People = shown[i]
		}
		out = append(out, group...)
		group, counts = group[:0], counts[:0]
	}
	var r peopleRow
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&r.Territory, &r.Measure, &r.Quarter, &r.Area, &n}, func() error {
		if len(group) > 0 && (group[0].Territory != r.Territory || group[0].Measure != r.Measure || !group[0].Quarter.Equal(r.Quarter)) {
			end()
		}
		if r.Part = "area"; r.Area == "" {
			r.Part = "elsewhere"
		}
		group, counts = append(group, r), append(counts, n)
		return nil
	})
	end()
	return out, err
}

// rulePeople is verified by doing what makes it hold.
const rulePeople = "what is told of people is what may be told"

// verifyPeople compares what is told of people with what may be.
func verifyPeople(ctx context.Context, tx pgx.Tx, yield func(Fault) error) error {
	if _, err := tx.Exec(ctx, sqlPeopleAll); err != nil {
		return err
	}
	now, err := peopleNow(ctx, tx)
	if err != nil {
		return err
	}
	rows, err := tx.Query(ctx, sqlPeopleShown)
	if err != nil {
		return err
	}
	shown, err := pgx.CollectRows(rows, pgx.RowToStructByPos[peopleRow])
	if err != nil {
		return err
	}
	spell := func(n *int64) string {
		if n == nil {
			return "withheld"
		}
		return fmt.Sprint(*n)
	}
	want := map[string]string{}
	for _, r := range now {
		want[r.key()] = spell(r.People)
	}
	for _, r := range shown {
		k := r.key()
		if may := want[k]; may != spell(r.People) {
			if err := yield(Fault{rulePeople, k, fmt.Sprintf("told: %s; may be told: %s", spell(r.People), may)}); err != nil {
				return err
			}
		}
		delete(want, k)
	}
	for k, may := range want {
		if err := yield(Fault{rulePeople, k, "it is not told, and may be: " + may}); err != nil {
			return err
		}
	}
	return nil
}
