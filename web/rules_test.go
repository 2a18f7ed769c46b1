package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tributary/data"
	"tributary/data/postgis"
)

// Every route says who may ask it; those for people answer nobody else, and
// those of other roles as if they were not there.
func TestEveryRouteHasARule(t *testing.T) {
	h := newHouse(t)
	browsers := map[string]*browser{}
	for _, name := range cast {
		browsers[name] = h.browser()
		browsers[name].signIn(name)
		browsers[name].CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	stranger := h.browser()
	stranger.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	roleOf := map[string]data.AccessRole{"office": data.RoleOffice, "kent-office": data.RoleOffice, "provider": data.RoleProvider, "supplier": data.RoleSupplier, "other-supplier": data.RoleSupplier, "buyer": data.RoleBuyer, "hub": data.RoleHub, "admin": data.RoleAdmin}
	asked, byRule := 0, map[rule]int{}
	for _, rt := range h.srv.every() {
		byRule[rt.rule]++
		if rt.rule == ruleNone {
			t.Errorf("nobody has said who may ask %s %s", rt.method, rt.path)
		}
		if rt.rule != ruleSignedIn || rt.path == "/sign-out" {
			continue
		}
		path := strings.NewReplacer("{kind}", "activities", "{id}", "none", "{journey}", "none", "{page}", "1").Replace(rt.path)
		for _, method := range rt.methods() {
			ask := func(b *browser) page {
				req, err := http.NewRequest(method, h.base+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				asked++
				return b.read(b.Do(req))
			}
			p := ask(stranger)
			if post := method == http.MethodPost; post && p.StatusCode != http.StatusUnauthorized || !post && (p.StatusCode != http.StatusSeeOther || !strings.HasPrefix(p.Header.Get("Location"), "/sign-in?")) {
				t.Errorf("%s %s to a stranger: %d", method, path, p.StatusCode)
			}
			absent := browsers["nobody"].get("/work/" + "not-there")
			for _, name := range cast {
				p := ask(browsers[name])
				may := len(rt.roles) == 0 || slices.Contains(rt.roles, roleOf[name])
				if !may && (p.StatusCode != http.StatusNotFound || method == http.MethodGet && titleOf(p.body) != titleOf(absent.body)) {
					t.Errorf("%s %s to %s, who may not: %d %s", method, path, name, p.StatusCode, titleOf(p.body))
				}
				if p.StatusCode >= 500 {
					t.Errorf("%s %s to %s: %d", method, path, name, p.StatusCode)
				}
			}
		}
	}
	if byRule[ruleAnyone] == 0 || byRule[ruleKey] == 0 || byRule[ruleSignedIn] == 0 {
		t.Errorf("routes by rule: %v", byRule)
	}
	t.Logf("%d routes, each with a rule: %d for anyone, %d for keys × %d roles (TestRolesAndRoutes), %d for people × %d people and a stranger, %d requests",
		len(h.srv.every()), byRule[ruleAnyone], byRule[ruleKey], len(data.KeyRoles), byRule[ruleSignedIn], len(cast), asked)
}

// On their pages people see and change records of their own and of their
// territory; another's is answered as one that there is not.
func TestPeoplesPagesAreOfTheirOwnRecords(t *testing.T) {
	h := newHouse(t)
	h.want(h.ask(h.key(data.RoleSupplier, "", builder), http.MethodPost, "/api/v1/contributions", gift("gift-1", builder)), http.StatusCreated)
	own := map[string]bool{"supplier": true, "office": true, "admin": true}
	compared := 0
	for _, name := range cast {
		b := h.browser()
		token := b.signIn(name).token(t)
		b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		for _, change := range []string{"", "/change"} {
			ask := func(id string) page {
				at := "/work/records/contribution/" + url.PathEscape(builder+"//"+id) + change
				if change == "" {
					return b.get(at)
				}
				return b.post(at, url.Values{tokenField: {token}})
			}
			there, none := ask("gift-1"), ask("gift-2")
			if may := there.StatusCode == http.StatusOK; change == "" && may != own[name] {
				t.Errorf("the record by %s: %d %s", name, there.StatusCode, titleOf(there.body))
			}
			if none.StatusCode != http.StatusNotFound {
				t.Errorf("none%s by %s: %d %s", change, name, none.StatusCode, titleOf(none.body))
			}
			if own[name] {
				continue
			}
			compared++
			if there.StatusCode != none.StatusCode || steady(there.body, "gift-1") != steady(none.body, "gift-2") || !sameHeaders(there.Header, none.Header) {
				at := 0
				for at < min(len(there.body), len(none.body)) && there.body[at] == none.body[at] {
					at++
				}
				t.Errorf("%s, of another's%s: %d …%.200s; of none: %d …%.200s", name, change, there.StatusCode, there.body[max(0, at-80):], none.StatusCode, none.body[max(0, at-80):])
			}
		}
	}
	t.Logf("%d people × own, another's and no record: %d pairs of answers were the same", len(cast), compared)
}

var nonces = regexp.MustCompile(`nonce="[^"]*"|nonce-[^']*`)

// steady is a page without what is new in each.
func steady(body, id string) string {
	return strings.ReplaceAll(nonces.ReplaceAllString(body, ""), id, "ID")
}

// Who gives access gives no more than they have.
func TestOfficesGiveAccessWithinTheirTerritories(t *testing.T) {
	h := newHouse(t)
	office := &data.Key{ID: "o", Person: true, Role: data.RoleOffice, Territories: []string{"norfolk"}}
	who := postgis.Actor{Name: office.Name(), Territories: "*"}
	h.browser().signIn("nobody")
	accounts, err := h.store.Accounts(t.Context(), who, office.Territories)
	if err != nil {
		t.Fatal(err)
	}
	var code, kent string
	for _, a := range accounts {
		if a.Access == nil {
			code = a.ID
		} else if !slices.Contains(a.Access.Territories, "norfolk") {
			t.Errorf("an office sees %s of %v", a.Label, a.Access.Territories)
		}
	}
	all, err := h.store.Accounts(t.Context(), postgis.Operator, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if a.Label == "The kent-office" {
			kent = a.ID
		}
	}
	give := func(id string, k data.Key) error {
		return h.store.Grant(t.Context(), who, office, id, "Somebody", k)
	}
	for name, k := range map[string]data.Key{
		"admin": {Role: data.RoleAdmin}, "hub": {Role: data.RoleHub, Territories: []string{"norfolk"}}, "kent": {Role: data.RoleOffice, Territories: []string{"kent"}},
		"everywhere": {Role: data.RoleSupplier, Organisation: builder}, "both": {Role: data.RoleOffice, Territories: []string{"norfolk", "kent"}}, "no organisation": {Role: data.RoleSupplier, Territories: []string{"norfolk"}},
	} {
		if err := give(code, k); err == nil {
			t.Errorf("an office of Norfolk gave %s", name)
		}
	}
	if err := give(kent, data.Key{Role: data.RoleOffice, Territories: []string{"norfolk"}}); err == nil {
		t.Error("an office took another's account")
	}
	if err := h.store.EndAccess(t.Context(), who, kent, office.Territories); err == nil {
		t.Error("an office ended another's account")
	}
	if err := give(code, data.Key{Role: data.RoleSupplier, Organisation: builder, Territories: []string{"Norfolk"}}); err != nil {
		t.Fatal(err)
	}
	if err := h.store.EndAccess(t.Context(), who, code, office.Territories); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(h.count("SELECT count(*) FROM audit.log WHERE action IN ('give access', 'end access') AND actor = 'person:o'")); got != "2" {
		t.Errorf("%s changes of access in the audit log, want 2", got)
	}
}
