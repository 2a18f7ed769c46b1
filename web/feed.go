package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tributary/data"
	"tributary/geo"
)

// An atomEntry is something new in a territory (RFC 4287). It keeps its id and
// its day for as long as what it tells holds, so that readers see it once.
type atomEntry struct{ ID, Title, Updated, Link, Summary string }

// How far back a feed goes, and how long before its end a validation is told of.
const feedDays, expiryDays = 182, 90

// feed answers "/places/{id}/feed.atom".
func (s *Server) feed(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	place, err := s.src.Place(r.Context(), pathVar(r, "id"))
	if err != nil {
		return err
	}
	if place.Territory == nil {
		return fmt.Errorf("feed of %q: %w", pathVar(r, "id"), data.ErrNotFound)
	}
	today := data.DateOf(time.Now().In(data.London()))
	entries, err := s.feedValidity(r, place.Territory.ID, today)
	if err != nil {
		return err
	}
	gaps, err := s.feedGaps(r, place.Territory.ID, today)
	if err != nil {
		return err
	}
	entries = append(entries, gaps...)
	slices.SortStableFunc(entries, func(a, b atomEntry) int {
		return cmp.Or(strings.Compare(b.Updated, a.Updated), strings.Compare(a.ID, b.ID))
	})
	updated := stamp(today.AddDays(-feedDays))
	if len(entries) > 0 {
		updated = entries[0].Updated
	}
	return writeFeed(w, r, s.drawFeed(place.Territory, updated, entries))
}

// drawFeed writes the feed. Every text is escaped; nothing here reads XML.
func (s *Server) drawFeed(t *data.Territory, updated string, entries []atomEntry) []byte {
	var b bytes.Buffer
	here := s.cfg.BaseURL + placeURL(string(t.ID))
	text := html.EscapeString
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>%s</id><title>Tributary: %s</title><updated>%s</updated><author><name>Tributary</name></author>
<link rel="self" type="%s" href="%s/feed.atom"/><link rel="alternate" type="text/html" href="%s"/>
`, text(s.tag(string(t.ID))), text(t.Name), updated, typeAtom, text(here), text(here))
	for _, e := range entries {
		fmt.Fprintf(&b, "<entry><id>%s</id><title>%s</title><updated>%s</updated><link rel=\"alternate\" type=\"text/html\" href=\"%s\"/><summary>%s</summary></entry>\n", text(e.ID), text(e.Title), e.Updated, text(s.cfg.BaseURL+e.Link), text(e.Summary))
	}
	b.WriteString("</feed>\n")
	return b.Bytes()
}

func writeFeed(w http.ResponseWriter, r *http.Request, body []byte) error {
	sum := sha256.Sum256(body)
	etag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("Content-Type", typeAtom+"; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", etag)
	if isUnchanged(r, etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, err := w.Write(body)
	return gone(err)
}

// tag names something for ever (RFC 4151): by who publishes it, not by where it
// is served from today.
func (s *Server) tag(what string) string {
	host := "tributary.invalid"
	if u, err := url.Parse(s.cfg.BaseURL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return "tag:" + host + ",2026:" + what
}

func stamp(d data.Date) string { return d.Time().Format(time.RFC3339) }

// feedValidity tells of activities that were validated, and of validations that
// end or have ended.
func (s *Server) feedValidity(r *http.Request, territory geo.TerritoryID, today data.Date) (out []atomEntry, err error) {
	since := today.AddDays(-feedDays)
	list, err := s.src.Validity(r.Context(), territory, since, today.AddDays(expiryDays))
	for _, v := range list {
		link := activityURL(v.Activity.ID)
		if !v.On.Before(since) && !today.Before(v.On) {
			out = append(out, atomEntry{s.tag("validated/" + v.Activity.ID + "/" + v.On.String()), "Validated: " + v.Activity.Name, stamp(v.On), link, fmt.Sprintf("%s by %s was validated on %s.", v.Activity.Name, v.Provider, longDate(v.On))})
		}
		if told := v.Until.AddDays(-expiryDays); !v.Until.IsZero() && !v.Until.Before(since) && !today.Before(told) {
			out = append(out, atomEntry{s.tag("expires/" + v.Activity.ID + "/" + v.Until.String()), "Validation ends: " + v.Activity.Name, stamp(told), link, fmt.Sprintf("The validation of %s by %s ends on %s.", v.Activity.Name, v.Provider, longDate(v.Until))})
		}
	}
	return out, err
}

// feedGaps tells how the gaps changed over the last whole quarter: the state at
// its end against that at its beginning, so that an entry stays as it is until
// the next quarter ends.
func (s *Server) feedGaps(r *http.Request, territory geo.TerritoryID, today data.Date) (out []atomEntry, err error) {
	t := today.Time()
	begins := data.NewDate(t.Year(), (t.Month()-1)/3*3+1, 1)
	f := inTerritory(territory)
	f.To = begins.AddDays(-1)
	quarter := data.FinancialQuarter(f.To)
	g, err := s.src.Gap(r.Context(), f, data.View{})
	if err == nil && onePlace(g) {
		g, err = s.src.Gap(r.Context(), f, data.View{By: "cell"})
	}
	for _, c := range g.Cells {
		if c.Before == "" || c.Before == c.State {
			continue
		}
		out = append(out, atomEntry{
			s.tag(fmt.Sprintf("gap/%s/%s/%s/%s/%s", territory, quarter, c.Priority, c.Place, c.State)), fmt.Sprintf("%s in %s: %s", c.PriorityName, c.PlaceName, strings.ToLower(gapStateWords[c.State])), stamp(begins),
			pageURL("/coverage", f, nil),
			fmt.Sprintf("At the end of %s: %s. A quarter earlier: %s.", quarter, strings.ToLower(gapStateWords[c.State]), strings.ToLower(gapStateWords[c.Before])),
		})
	}
	return out, err
}
