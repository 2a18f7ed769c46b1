package postgis

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlSignIn         = query("sign_in")
	sqlSignOut        = query("sign_out")
	sqlSessionInForce = query("session_in_force")
	sqlSessionSweep   = query("session_sweep")
	sqlAccounts       = query("accounts")
	sqlAccountGrant   = query("account_grant")
	sqlAccountEnd     = query("account_end")
	sqlAccountMadeUp  = query("account_made_up")
)

// door acts for who is not known yet.
var door = Actor{Name: "door"}

// SignIn begins a session of whom an issuer calls subject, making their account
// if it is their first, and returns the session's secret, which is kept nowhere.
func (s *Store) SignIn(ctx context.Context, issuer, subject string) (secret string, err error) {
	secret = data.NewSessionSecret()
	return secret, wrap("sign in", s.write(ctx, door, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlSessionSweep); err != nil {
			return err
		}
		var id string
		args := pgx.StrictNamedArgs{"id": data.NewAccountID(), "subject": data.SubjectHash(issuer, subject), "hash": data.SessionHash(secret)}
		if err := tx.QueryRow(ctx, sqlSignIn, args).Scan(&id); err != nil {
			return err
		}
		return audit(ctx, tx, Actor{Name: "person:" + id}, "sign in", id, map[string]any{})
	}))
}

// SessionInForce finds who a session is of, and notes that it was used.
// [data.ErrSignedOut] for all that is none, or no longer.
func (s *Store) SessionInForce(ctx context.Context, secret string) (*data.Account, error) {
	rows, err := s.app.Query(ctx, sqlSessionInForce, data.SessionHash(secret))
	if err != nil {
		return nil, wrap("session", err)
	}
	found, err := pgx.CollectRows(rows, scanAccount)
	if err != nil {
		return nil, wrap("session", err)
	}
	if len(found) == 0 {
		return nil, data.ErrSignedOut
	}
	return &found[0], nil
}

// SignOut ends a session; one that is none is ended already.
func (s *Store) SignOut(ctx context.Context, secret string) error {
	return wrap("sign out", s.write(ctx, door, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sqlSignOut, data.SessionHash(secret))
		return err
	}))
}

// Accounts lists who has signed in or been given access, those without access
// first: of every territory, or those that lie in some of an office's, with
// whoever has no access yet.
func (s *Store) Accounts(ctx context.Context, who Actor, territories []string) (accounts []data.Account, err error) {
	err = s.write(ctx, who, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlAccounts, pgx.StrictNamedArgs{"territories": territories})
		if err != nil {
			return err
		}
		accounts, err = pgx.CollectRows(rows, scanAccount)
		return err
	})
	return accounts, wrap("accounts", err)
}

// Grant gives an account access, in place of what it had. By says who gives it;
// nil is the operator. Without a source its records go under its
// organisation's id, else its own. The errors are *[data.Invalid], and
// [data.ErrNotFound] for an account that is not there.
func (s *Store) Grant(ctx context.Context, who Actor, by *data.Key, id, label string, access data.Key) error {
	return wrap("give access", s.write(ctx, who, func(tx pgx.Tx) error { return grant(ctx, tx, who, by, id, label, access) }))
}

func grant(ctx context.Context, tx pgx.Tx, who Actor, by *data.Key, id, label string, access data.Key) error {
	if len(label) > 200 {
		return data.Invalidf("label", "", "is longer than 200 characters: shorten it")
	}
	if err := placeAccess(ctx, tx, &access, id); err != nil {
		return err
	}
	if by != nil {
		if bad := by.MayGrant(&access); bad != nil {
			return bad
		}
	}
	args := pgx.StrictNamedArgs{"id": id, "role": string(access.Role), "territories": list(access.Territories), "organisation": null(access.Organisation),
		"source": access.Source, "label": null(label), "by": who.Name, "within": []string(nil)}
	if by != nil && by.Role == data.RoleOffice {
		args["within"] = by.Territories
	}
	if err := tx.QueryRow(ctx, sqlAccountGrant, args).Scan(&id); err != nil {
		return err
	}
	return audit(ctx, tx, who, "give access", id, map[string]any{"role": access.Role, "territories": access.Territories, "organisation": access.Organisation})
}

// placeAccess finds the territories of access, which may be spelt as people do,
// and its source.
func placeAccess(ctx context.Context, tx pgx.Tx, access *data.Key, id string) error {
	sets, err := currentSets(ctx, tx)
	if err != nil {
		return err
	}
	names, err := loadGazetteer(ctx, tx, sets)
	if err != nil {
		return err
	}
	for i, t := range access.Territories {
		code, bad := names.territory(t)
		if bad != nil {
			return bad
		}
		access.Territories[i] = code
	}
	slices.Sort(access.Territories)
	access.Territories = slices.Compact(access.Territories)
	if access.Organisation != "" {
		access.Organisation = data.OrganisationIn(access.Source, access.Organisation)
	}
	if access.Source == "" {
		if access.Source = data.ShortRef("", access.Organisation); access.Source == "" {
			access.Source = id
		}
	}
	return access.CheckAccess()
}

// EndAccess takes an account's access away and ends its sessions; within, if
// not nil, are the territories that it must lie in.
func (s *Store) EndAccess(ctx context.Context, who Actor, id string, within []string) error {
	return wrap("end access", s.write(ctx, who, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, sqlAccountEnd, pgx.StrictNamedArgs{"id": id, "within": within}).Scan(&id); err != nil {
			return err
		}
		return audit(ctx, tx, who, "end access", id, map[string]any{})
	}))
}

// DemonstrationAccounts gives the people of a demonstration, by what the
// development issuer calls them, access to made-up records.
func (s *Store) DemonstrationAccounts(ctx context.Context, who Actor, issuer string, people []data.DemonstrationPerson) error {
	return wrap("demonstration accounts", s.write(ctx, who, func(tx pgx.Tx) error {
		for _, p := range people {
			if p.Access.Role == "" {
				continue // has never been here
			}
			var id string
			err := tx.QueryRow(ctx, sqlAccountMadeUp, pgx.StrictNamedArgs{"id": data.NewAccountID(), "subject": data.SubjectHash(issuer, p.Subject)}).Scan(&id)
			if err != nil {
				return err
			}
			if err := grant(ctx, tx, who, nil, id, p.Name, p.Access); err != nil {
				return fmt.Errorf("%s: %w", p.Subject, err)
			}
		}
		return nil
	}))
}

func scanAccount(row pgx.CollectableRow) (a data.Account, err error) {
	var role, organisation, source, label, by *string
	var territories []string
	var seen *time.Time
	if err = row.Scan(&a.ID, &role, &territories, &organisation, &source, &label, &a.Demonstration, &by, &a.GrantedAt, &a.CreatedAt, &seen); err != nil {
		return a, err
	}
	a.Label, a.GrantedBy = text(label), text(by)
	if seen != nil {
		a.SeenOn = data.DateOf(*seen)
	}
	if role != nil {
		a.Access = &data.Key{ID: a.ID, Person: true, Role: data.AccessRole(*role), Territories: territories, Organisation: text(organisation), Source: text(source), Label: a.Label}
	}
	return a, nil
}

// AccountsWithin lists the accounts that whoever may give access sees: all of
// them, or an office's.
func (s *Store) AccountsWithin(ctx context.Context, by *data.Key) ([]data.Account, error) {
	return s.Accounts(ctx, actorOf(by), grantsIn(by))
}

// GiveAccess is [Store.Grant] by somebody who has signed in.
func (s *Store) GiveAccess(ctx context.Context, by *data.Key, id, label string, access data.Key) error {
	return s.Grant(ctx, actorOf(by), by, id, label, access)
}

// TakeAccess is [Store.EndAccess] by somebody who has signed in.
func (s *Store) TakeAccess(ctx context.Context, by *data.Key, id string) error {
	return s.EndAccess(ctx, actorOf(by), id, grantsIn(by))
}

// grantsIn are the territories that somebody gives access in; nil is all.
func grantsIn(by *data.Key) []string {
	if by.Role == data.RoleAdmin {
		return nil
	}
	return by.Territories
}
