package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"tributary/data"
)

// keyed answers only those whose key is in force and whose role may do the
// deed with records of the kind. What is wrong with a key is not said: a
// stranger learns nothing of which exist.
func (s *Server) keyed(k *data.Kind, deed data.Deeds, handle func(http.ResponseWriter, *http.Request, *data.Key) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Vary", "Authorization")
		// A compressed answer has an entity tag of its own, which a writer would
		// give back in vain.
		h.Set(gzhttp.HeaderNoCompression, "1")
		scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return data.ErrUnknownKey
		}
		from := s.limit.client(r)
		if err := s.limit.guess(h, from, false); err != nil {
			return err
		}
		by, err := s.src.KeyInForce(r.Context(), strings.TrimSpace(secret))
		if errors.Is(err, data.ErrUnknownKey) {
			return errors.Join(err, s.limit.guess(h, from, true))
		}
		if err != nil {
			return err
		}
		if err := s.limit.take(h, "key "+by.ID, costWrite); err != nil {
			return err
		}
		if !by.Role.May(deed, k) {
			return refusal(http.StatusForbidden, "Forbidden", "A key for the role "+string(by.Role)+" may not do this with "+spoken(k.Plural)+".")
		}
		return handle(w, r, by)
	}
}

// spoken is a name as people write it.
func spoken(name string) string { return strings.ReplaceAll(name, "_", " ") }

// problemError is an error that a handler answers with a problem of its own.
type problemError struct{ problem Problem }

// Error implements error.
func (e *problemError) Error() string { return e.problem.Title + ": " + e.problem.Detail }

func refusal(status int, title, detail string) error {
	return &problemError{Problem{Type: "about:blank", Title: title, Status: status, Detail: detail, spoken: true}}
}
