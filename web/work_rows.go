package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"tributary/data"
	"tributary/geo"
)

// controlGroup are the questions of one row of a record, or of the whole page.
type controlGroup struct {
	Legend   string // "Place 2"; "" for a page without rows
	Row      int
	Remove   bool
	Controls []control
	Draw     *drawOffer
}

// drawOffer is a map on which somebody can say where something is, beside the
// fields that hold it.
type drawOffer struct {
	What   string // point, polygon, areas
	Label  string
	For    string // ids of the fields, parted by spaces
	Bounds string // west,south,east,north to start from; empty for the UK
}

// changeRows adds a row to the record, or takes one away, where the form asks
// for that, and shows the page again.
func (s *Server) changeRows(w http.ResponseWriter, r *http.Request, v *visit, j *journey, d *data.Draft, q questions, page int) (done bool, err error) {
	do := r.PostForm.Get("do")
	if q.each == "" {
		return false, nil
	}
	at := d.Rows()
	switch row, removes := strings.CutPrefix(do, "remove-"); {
	case do == "add" && d.Rows() < data.MaxDraftRows:
		d.AddRow()
		at = d.Rows()
	case removes:
		n, err := strconv.Atoi(row)
		if err != nil || n < 1 || n > d.Rows() {
			return true, data.Invalidf("do", do, "names no %s that is there: load the page again", strings.ToLower(q.each))
		}
		d.RemoveRow(n, j.record().RowFields())
		at = max(1, n-1)
	default:
		return false, nil
	}
	if err := s.src.SaveDraft(r.Context(), v.by(), d.ID, d.Answers); err != nil {
		return true, err
	}
	http.Redirect(w, r, fmt.Sprintf("%s#row-%d", draftPath(d.ID, strconv.Itoa(page)), at), http.StatusSeeOther)
	return true, nil
}

// grouped parts the questions of a page by row, and offers the map beside them.
func (s *Server) grouped(r *http.Request, v *visit, d *data.Draft, q questions, controls []control) (out []controlGroup, err error) {
	bounds := ""
	for i, c := range controls {
		if (q.draw || c.Draw != nil) && bounds == "" {
			if bounds, err = s.ownBounds(r, v); err != nil {
				return nil, err
			}
		}
		if c.Draw != nil {
			c.Draw.Bounds = bounds
		}
		a := q.asks[i]
		if row := max(a.row, 1); len(out) < row {
			g := controlGroup{Row: row}
			if a.row > 0 {
				g.Legend, g.Remove = q.each+" "+strconv.Itoa(row), d.Rows() > 1
			}
			if q.draw {
				g.Draw = &drawOffer{"point", "Choose on a map", data.InRow("latitude", row) + " " + data.InRow("longitude", row), bounds}
			}
			out = append(out, g)
		}
		g := &out[len(out)-1]
		g.Controls = append(g.Controls, c)
	}
	if d.Rows() == 1 && len(out) > 0 {
		out[0].Legend = ""
	}
	return out, nil
}

// ownBounds is where a map for somebody starts: their territories.
func (s *Server) ownBounds(r *http.Request, v *visit) (string, error) {
	var f data.Filter
	for _, t := range v.by().Territories {
		f.Territory = append(f.Territory, geo.TerritoryID(t))
	}
	rows, err := s.src.Territories(r.Context(), data.Filter{})
	if err != nil {
		return "", err
	}
	return s.pages.boundsOf(r.Context(), f, rows, nil)
}
