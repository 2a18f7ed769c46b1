package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tributary/data"
	"tributary/geo"
)

// contactContent is how to get in touch with who runs an activity: never a
// person's address, but the ways that are public, and words to begin with.
type contactContent struct {
	data.ActivityProfile
	Ways     []contactWay
	Words    string // to send
	Where    string
	Fits     *data.NeedShown // an open need that the offer would meet
	OrderURL string          // begins an order of what is offered
}

// contactWay is one public way to reach a provider.
type contactWay struct{ Label, URL, Says string }

// contactPage answers "/activities/{id}/contact".
func (s *Server) contactPage(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, []string{"type"}, "quantity")
	if err != nil {
		return err
	}
	activity, err := s.activityProfile(r)
	if err != nil {
		return err
	}
	names, err := s.src.ValueNames(r.Context(), codesOf(activity.Places))
	if err != nil {
		return err
	}
	c := contactContent{ActivityProfile: activity, Where: whereabouts(activity.Places, names)}
	for i, n := range c.Needs {
		if slices.Contains(q.filter.Type, n.Type) {
			c.Fits = &c.Needs[i]
			break
		}
	}
	c.OrderURL = orderURL(c.ID, url.Values{"type": {strings.Join(q.filter.Type, ",")}, "quantity": {r.URL.Query().Get("quantity")}})
	c.ways()
	c.write(q, s.cfg.BaseURL+activityURL(c.ID))
	return s.pages.show(w, r, http.StatusOK, "contact", frame{Title: "Get in touch about " + c.Name, Nav: "/activities", Content: c})
}

// orderURL begins a Social Purchase Order for an activity, with as much of an
// offer (type, and quantity with its unit) as an order asks for.
func orderURL(activity string, offer url.Values) string {
	q := url.Values{"activity": {activity}}
	if t := offer.Get("type"); t != "" && !strings.Contains(t, ",") {
		q.Set("type", t)
	}
	if n, unit, err := data.ParseAmount(offer.Get("quantity")); err == nil && n > 0 {
		q.Set("quantity", n.String())
		q.Set("unit", unit)
	}
	return queryURL("/work/new/order", q)
}

// ways lists the public ways, the nearest to the activity first.
func (c *contactContent) ways() {
	if at := data.WebAddress(c.URL); at != "" {
		c.Ways = append(c.Ways, contactWay{"The activity’s own website, " + hostName(at), at, "Look for a page on contact, volunteering or support."})
	}
	if at := data.WebAddress(c.Contact.URL); at != "" && at != data.WebAddress(c.URL) {
		c.Ways = append(c.Ways, contactWay{"The website of " + c.Provider.Name + ", " + hostName(at), at, "Look for a page on contact or partnerships."})
	}
	for _, r := range c.Contact.RegisterLinks() {
		c.Ways = append(c.Ways, contactWay{r.Register + ", number " + r.Number, r.URL, "The public register says how to reach the organisation."})
	}
}

// write makes the words of a first message. They hold nothing that its reader
// does not know already, and no distance.
func (c *contactContent) write(q asked, address string) {
	offer := "[what you can offer, and how much]"
	if len(q.filter.Type) > 0 {
		offer = strings.ToLower(offerWord(q.filter.Type[0]))
		if q.view.Quantity > 0 {
			offer += ", " + strings.TrimSpace(q.view.Quantity.String()+" "+q.view.Unit)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Dear %s,\n\nwe have seen “%s” on Tributary (%s) and would like to support it as social value.\n\nWe could offer: %s.\nFrom: [your organisation]\nUnder the contract: [its title and buyer, or none]\nWhen: [from, until]\n", c.Provider.Name, c.Name, address, offer)
	if len(c.Serves) > 0 {
		m := c.Serves[0]
		fmt.Fprintf(&b, "It would count under: %s, %s (%s).\n", m.Code, m.Name, m.Plan)
	}
	b.WriteString("\nWould this help, and who should we speak to?\n")
	c.Words = b.String()
}

// Exposed reports whether a page's reader may be in danger.
func (c contactContent) Exposed() bool { return exposed(c.Serves, c.Name, c.Summary) }

// Territories are those in which it delivers.
func (c contactContent) Territories() (out []geo.TerritoryID) {
	for _, p := range c.Places {
		if p.Territory != "" && !slices.Contains(out, p.Territory) {
			out = append(out, p.Territory)
		}
	}
	return out
}
