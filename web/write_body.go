package web

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"tributary/data"
)

// Limits of what one request may write. Files of any size go through
// 'tributary import'.
const (
	maxBody    = 8 << 20
	maxRecords = 10_000
	maxLine    = 1 << 20
)

const (
	typeJSONLines  = "application/jsonl"
	typeNDJSON     = "application/x-ndjson"
	typeMergePatch = "application/merge-patch+json"
)

// shape is how the records of a body stand, and so how one at fault is named.
type shape int

const (
	shapeObject shape = iota // one record
	shapeArray               // named by its index
	shapeLines               // named by its line
)

// body is a request's body, read as it comes and digested on the way.
type body struct {
	media  string
	r      io.Reader
	digest hash.Hash
}

// openBody checks what a body says of itself before any of it is read.
func openBody(w http.ResponseWriter, r *http.Request, takes ...string) (*body, error) {
	if coding := r.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		w.Header().Set("Accept-Encoding", "identity")
		return nil, refusal(http.StatusUnsupportedMediaType, "Unsupported content coding", "Send the body as it is, without Content-Encoding.")
	}
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(params["charset"])
	if err != nil || !slices.Contains(takes, media) || charset != "" && charset != "utf-8" {
		accept := "Accept-Post"
		if r.Method == http.MethodPatch {
			accept = "Accept-Patch"
		}
		w.Header().Set(accept, strings.Join(takes, ", "))
		return nil, refusal(http.StatusUnsupportedMediaType, "Unsupported media type", "Send "+strings.Join(takes, " or ")+" in UTF-8, and say so in Content-Type.")
	}
	b := &body{media: media, digest: sha256.New()}
	fmt.Fprintf(b.digest, "%s\n%s\n%s\n", r.Method, r.URL.RequestURI(), media)
	b.r = io.TeeReader(http.MaxBytesReader(w, r.Body, maxBody), b.digest)
	return b, nil
}

// once names the request, when its body was read to its end.
func (b *body) once(r *http.Request, required bool) (*data.Once, error) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		if !required {
			return nil, nil
		}
		return nil, refusal(http.StatusBadRequest, "Idempotency-Key is missing", "Send the header Idempotency-Key with a new random text, such as a UUID, for each new request, and the same one when you repeat it: then nothing is written twice.")
	}
	if len(key) > 200 || strings.ContainsFunc(key, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return nil, refusal(http.StatusBadRequest, "Invalid Idempotency-Key", "Give at most 200 visible characters, such as a UUID.")
	}
	once := &data.Once{Key: key}
	b.digest.Sum(once.Digest[:0])
	return once, nil
}

// object reads a body that is one JSON object.
func (b *body) object() (data.Members, error) {
	one, err := b.objects(false)
	if err != nil {
		return nil, err
	}
	return one[0], nil
}

// objects reads a body that is one JSON object, or with many an array of them.
func (b *body) objects(many bool) ([]data.Members, error) {
	raw, err := io.ReadAll(b.r)
	if err != nil {
		return nil, bodyFault(err)
	}
	rows := []json.RawMessage{raw}
	if text := bytes.TrimLeft(raw, " \t\r\n"); many && len(text) > 0 && text[0] == '[' {
		if err := json.Unmarshal(raw, &rows); err != nil {
			return nil, notJSON(err)
		}
	}
	var out []data.Members
	for _, row := range rows {
		members, err := data.ReadMembers(row)
		if err != nil {
			return nil, notJSON(err)
		}
		out = append(out, members)
	}
	if len(out) == 0 {
		return nil, refusal(http.StatusBadRequest, "No records", "The body holds no record: send at least one.")
	}
	return out, nil
}

// records reads a body of one or many records. Rows that cannot be read as
// records are refused; a body that cannot be read on is an error.
func (b *body) records(k *data.Kind, source string) (rows *incoming, err error) {
	rows = &incoming{kind: k, source: source, seen: map[string]int{}}
	if b.media == typeJSON {
		err = rows.fromJSON(b.r)
	} else {
		rows.shape = shapeLines
		err = rows.fromLines(b.r)
	}
	if err != nil {
		return nil, err
	}
	// The digest is of all that was sent.
	if _, err := io.Copy(io.Discard, b.r); err != nil {
		return nil, bodyFault(err)
	}
	if rows.count == 0 {
		return nil, refusal(http.StatusBadRequest, "No records", "The body holds no record: send at least one.")
	}
	return rows, nil
}

// bodyFault is what went wrong while a body was read.
func bodyFault(err error) error {
	if errors.As(err, new(*http.MaxBytesError)) {
		return refusal(http.StatusRequestEntityTooLarge, "Too large", fmt.Sprintf("A body may have %d MiB: send fewer records at a time, or use 'tributary import'.", maxBody>>20))
	}
	var own *problemError
	if errors.As(err, &own) {
		return err
	}
	return notJSON(err)
}

func notJSON(err error) error {
	return refusal(http.StatusBadRequest, "Not the JSON expected", "The body cannot be read: "+err.Error()+".")
}

// incoming are the records of a body.
type incoming struct {
	kind    *data.Kind
	source  string
	shape   shape
	count   int
	records []data.Incoming
	refused []data.Refusal
	seen    map[string]int // line by id
}

func (in *incoming) fromJSON(r io.Reader) error {
	text := bufio.NewReader(r)
	for {
		c, err := text.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return bodyFault(err)
		}
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			if err := text.UnreadByte(); err != nil {
				return err
			}
			if c != '[' {
				break
			}
			return in.fromArray(text)
		}
	}
	raw, err := io.ReadAll(text)
	if err != nil {
		return bodyFault(err)
	}
	members, err := data.ReadMembers(raw)
	if err != nil {
		return notJSON(err)
	}
	in.add(1, members)
	return nil
}

func (in *incoming) fromArray(r io.Reader) error {
	in.shape = shapeArray
	dec := json.NewDecoder(r)
	if _, err := dec.Token(); err != nil {
		return bodyFault(err)
	}
	for line := 1; dec.More(); line++ {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return bodyFault(err)
		}
		if err := in.raw(line, raw); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return bodyFault(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return bodyFault(cmpErr(err, errors.New("something follows the array")))
	}
	return nil
}

// cmpErr is err, or other if there is none.
func cmpErr(err, other error) error {
	if err == nil {
		return other
	}
	return err
}

func (in *incoming) fromLines(r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for line := 1; lines.Scan(); line++ {
		raw := bytes.TrimSpace(lines.Bytes())
		if line == 1 {
			raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
		}
		if len(raw) == 0 {
			continue
		}
		if err := in.raw(line, raw); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return refusal(http.StatusRequestEntityTooLarge, "Too large", fmt.Sprintf("A line may have %d MiB: send one record a line.", maxLine>>20))
	}
	if lines.Err() != nil {
		return bodyFault(lines.Err())
	}
	return nil
}

// raw reads one of many records.
func (in *incoming) raw(line int, raw []byte) error {
	if in.count == maxRecords {
		return refusal(http.StatusRequestEntityTooLarge, "Too large", fmt.Sprintf("A request may hold %d records: send several requests, or use 'tributary import'.", maxRecords))
	}
	members, err := data.ReadMembers(raw)
	if err != nil {
		in.count++
		in.refused = append(in.refused, data.Refusal{Line: line, Value: clip(string(raw)), Reason: "the record cannot be read: " + err.Error()})
		return nil
	}
	in.add(line, members)
	return nil
}

// add makes a record of members.
func (in *incoming) add(line int, members data.Members) {
	in.count++
	rec, names, bad := in.kind.ReadJSON(in.source, members)
	if id := rec.Key().ExternalID; id != "" {
		if first, twice := in.seen[id]; twice && !in.kind.ManyRows() {
			bad = append(bad, data.Invalidf("id", id, "is given twice, first in %s: give each record once", in.where(first)))
		}
		in.seen[id] = line
	}
	for _, b := range bad {
		in.refused = append(in.refused, data.Refusal{Line: line, Field: b.Field, Value: b.Value, Reason: b.Reason})
	}
	if len(bad) == 0 {
		in.records = append(in.records, data.Incoming{Line: line, Record: rec, Names: names})
	}
}

// where names a row in words.
func (in *incoming) where(line int) string {
	if in.shape == shapeArray {
		return fmt.Sprintf("item %d", line-1)
	}
	return fmt.Sprintf("line %d", line)
}

// rowErrors are refused rows as a problem lists them.
func (sh shape) rowErrors(rows []data.Refusal) []RowError {
	out := make([]RowError, len(rows))
	for i, r := range rows {
		out[i] = RowError{Field: r.Field, Value: clip(r.Value), Reason: r.Reason}
		switch at := r.Line; sh {
		case shapeArray:
			at--
			out[i].Index = &at
		case shapeLines:
			out[i].Line = &at
		}
	}
	return out
}

// validText reports whether a text from an address can be stored.
func validText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
