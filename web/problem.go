package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"tributary/data"
)

// Problem is an error as a client sees it: RFC 9457, application/problem+json.
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	// Field names the parameter at fault; Value is what was given.
	Field string `json:"field,omitempty"`
	Value string `json:"value,omitempty"`
	// Errors lists everything that is wrong with the rows of a request.
	Errors []RowError `json:"errors,omitempty"`
	// Instance is the request's id, which the log has too.
	Instance string `json:"instance,omitempty"`
	// spoken: title and detail are for people, and a page says them.
	spoken bool
}

// RowError is what is wrong with one row of a request: the item of an array by
// its index from 0, the line of JSON Lines from 1, or the one record.
type RowError struct {
	Index  *int   `json:"index,omitempty"`
	Line   *int   `json:"line,omitempty"`
	Field  string `json:"field,omitempty"`
	Value  string `json:"value,omitempty"`
	Reason string `json:"reason"`
}

// problemKinds is the one table from error to status. What is not in it is a
// fault of ours, and its text is for the log alone.
var problemKinds = []struct {
	err    error
	status int
	title  string
	detail string
}{
	{data.ErrNotFound, http.StatusNotFound, "Not found", "There is nothing here, or nothing that may be shown."},
	{data.ErrConflict, http.StatusConflict, "Conflict", "The record has changed or its state does not allow this. Read it again first."},
	{data.ErrUnknownKey, http.StatusUnauthorized, "Unauthorized", "This needs a key in force: send Authorization: Bearer with one. 'tributary key create' makes keys."},
	{data.ErrSignedOut, http.StatusUnauthorized, "You have been signed out", "Nobody is signed in here, or the session has run out: it lasts twelve hours, and one without a request. Sign in in another window, then go back and send this again."},
	{errIssuer, http.StatusServiceUnavailable, "The sign-in service does not answer", "Try again in a minute. If it keeps happening, tell whoever runs this service."},
	{data.ErrForbidden, http.StatusForbidden, "Forbidden", "The key may not do this."},
	{data.ErrStale, http.StatusPreconditionFailed, "Precondition failed", "The record is not as you have read it, or is there already. Read it again, and send If-Match with its ETag."},
	{data.ErrUnconditional, http.StatusPreconditionRequired, "Precondition required", "The record is there already: read it, and send If-Match with its ETag, so that nobody's change is lost."},
	{data.ErrInFlight, http.StatusConflict, "In flight", "A request with this Idempotency-Key is at work. Repeat yours in a moment for its answer."},
	{data.ErrReused, http.StatusUnprocessableEntity, "Idempotency-Key reused", "This Idempotency-Key belongs to a request that said something else. Give each new request a new one."},
	{data.ErrTooWide, http.StatusBadRequest, "Too wide", "The question takes longer than its time budget. Narrow it: fewer places, a shorter period or a smaller box."},
	{data.ErrChanging, http.StatusServiceUnavailable, "Changing", "Data changed again and again while this was added up, and parts of different versions do not add up. Ask again."},
	{data.ErrUnavailable, http.StatusServiceUnavailable, "Unavailable", "The database cannot answer now. Try again in a few seconds."},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "Unavailable", "The answer took too long. Try again, or narrow the question."},
}

// problemOf is what a client is told about an error.
func problemOf(err error) Problem {
	var own *problemError
	if errors.As(err, &own) {
		return own.problem
	}
	var invalid *data.Invalid
	if errors.As(err, &invalid) {
		return Problem{Type: "about:blank", Title: "Invalid " + invalid.Field, Status: http.StatusBadRequest,
			Detail: invalid.Field + ": " + invalid.Reason, Field: invalid.Field, Value: clip(invalid.Value)}
	}
	for _, k := range problemKinds {
		if errors.Is(err, k.err) {
			return Problem{Type: "about:blank", Title: k.title, Status: k.status, Detail: k.detail, spoken: k.err == data.ErrSignedOut || k.err == errIssuer}
		}
	}
	return Problem{Type: "about:blank", Title: "Internal error", Status: http.StatusInternalServerError,
		Detail: "Something went wrong on our side. It has been noted."}
}

// clip keeps an echoed value short.
func clip(s string) string {
	const longest = 200
	if len(s) > longest {
		s = s[:longest] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// retryAfter is when who was told that nothing can be answered now may ask
// again, in seconds.
const retryAfter = "2"

// writeProblem answers with a problem document.
func writeProblem(w http.ResponseWriter, r *http.Request, p Problem) {
	p.Instance = requestID(r.Context())
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	switch p.Status {
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", retryAfter)
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="tributary"`)
	}
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		slog.DebugContext(r.Context(), "the client has gone", "error", err)
	}
}
