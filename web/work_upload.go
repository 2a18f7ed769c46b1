package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"slices"

	"tributary/data"
)

// FileReader reads a file of records as imports do; see [load.Uploaded].
type FileReader func(ctx context.Context, path string, k *data.Kind, source string, set map[string]string) (data.Uploaded, error)

// upload is a kind of record that comes by file on a page.
type upload struct {
	kind  string
	roles []data.AccessRole
	title string
	about string
	set   string // the field that is the same for all rows, and chosen on the page
}

var uploads = []upload{
	{"site", append(slices.Clone(traders), data.RoleOffice), "Upload sites", "One row a site: name, role and postcode, or area_code, territory, or latitude and longitude.", ""},
	{"target_area", offices, "Upload target areas", "A list of area codes, one a row; or label and areas, a row for each target area. GeoJSON is read by the properties of its features.", "set"},
}

func uploadOf(r *http.Request, v *visit) (upload, *data.Kind, error) {
	k, ok := data.KindNamed(pathVar(r, "kind"))
	if ok && v.by() != nil {
		for _, u := range uploads {
			if u.kind == k.Name && (slices.Contains(u.roles, v.by().Role) || v.by().Role == data.RoleAdmin) {
				return u, k, nil
			}
		}
	}
	return upload{}, nil, data.ErrNotFound
}

// uploadContent is the page on which a file is chosen.
type uploadContent struct {
	Kind, Title, About string
	Columns            []string
	Sets               []choice
	Errors             []formError
	Token              string
}

// uploadPage takes a file: GET and POST /work/upload/{kind}.
func (s *Server) uploadPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	u, k, err := uploadOf(r, v)
	if err != nil {
		return err
	}
	c := uploadContent{Kind: k.Name, Title: u.title, About: u.about, Columns: k.Columns(), Token: v.token()}
	if u.set != "" {
		of, _ := k.Field(u.set)
		sets, _ := data.KindNamed(of.Ref)
		list, _, err := s.src.Own(r.Context(), v.by(), sets, "", mostChoices, 0)
		if err != nil {
			return err
		}
		for _, o := range list {
			c.Sets = append(c.Sets, choice{o.Ref, o.Name, aboutOf(o), o.Ref == r.PostForm.Get("set")})
		}
	}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		d := data.Draft{ID: data.NewDraftID(), Journey: uploadJourney(k), Given: map[string]string{}, Answers: map[string]string{}}
		if u.set != "" {
			d.Given[u.set] = r.PostForm.Get("set")
		}
		c.Errors, err = s.takeUpload(r, v, u, k, &d)
		if err != nil {
			return err
		}
		if len(c.Errors) == 0 {
			http.Redirect(w, r, uploadPath(k, d.ID, ""), http.StatusSeeOther)
			return nil
		}
		status = http.StatusUnprocessableEntity
	}
	return s.showOwn(w, r, v, status, "workupload", frame{Title: u.title, Content: c})
}

func uploadJourney(k *data.Kind) string { return "upload-" + k.Name }

func uploadPath(k *data.Kind, id, rest string) string {
	return "/work/upload/" + k.Name + "/" + id + rest
}

// takeUpload keeps a file as a draft, if it can be read at all.
func (s *Server) takeUpload(r *http.Request, v *visit, u upload, k *data.Kind, d *data.Draft) ([]formError, error) {
	if u.set != "" && d.Given[u.set] == "" {
		return []formError{{"set", "Choose the set that the areas belong to.", "#set"}}, nil
	}
	b, err := formFile(r, "file")
	if err != nil {
		return nil, err
	}
	if len(b) == 0 {
		return []formError{{"file", "Choose a file that is not empty.", "#file"}}, nil
	}
	d.Answers["file"] = base64.StdEncoding.EncodeToString(b)
	_, err = s.readUploaded(r.Context(), v, k, d)
	var bad *data.Invalid
	if errors.As(err, &bad) {
		return []formError{{"file", sentenceCase("the file: " + bad.Error()), "#file"}}, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, s.src.BeginDraft(r.Context(), v.by(), *d)
}

// readUploaded reads the file of a draft.
func (s *Server) readUploaded(ctx context.Context, v *visit, k *data.Kind, d *data.Draft) (data.Uploaded, error) {
	b, err := base64.StdEncoding.DecodeString(d.Answers["file"])
	if err != nil {
		return data.Uploaded{}, err
	}
	f, err := os.CreateTemp("", "tributary-upload-*")
	if err != nil {
		return data.Uploaded{}, err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(b); err != nil {
		return data.Uploaded{}, errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return data.Uploaded{}, err
	}
	set := map[string]string{}
	for field, value := range d.Given {
		set[field] = value
	}
	if f, ok := k.Field("organisation"); ok && f.Ref != "" && v.by().Organisation != "" {
		set["organisation"] = v.by().Organisation
	}
	return s.cfg.ReadFile(ctx, f.Name(), k, v.by().Source, set)
}

// uploadedOf reads the draft of an address, its file, and what it would do.
func (s *Server) uploadedOf(r *http.Request, v *visit) (u upload, k *data.Kind, d data.Draft, up data.Uploaded, err error) {
	if u, k, err = uploadOf(r, v); err != nil {
		return
	}
	if d, err = s.src.Draft(r.Context(), v.by(), pathVar(r, "id")); err != nil {
		return
	}
	if d.Journey != uploadJourney(k) {
		err = data.ErrNotFound
		return
	}
	up, err = s.readUploaded(r.Context(), v, k, &d)
	return
}

// writeUploaded writes the rows that can be written, all in one transaction, or
// finds out which these are; it returns what was refused, in the file's order.
func (s *Server) writeUploaded(ctx context.Context, v *visit, k *data.Kind, d *data.Draft, up data.Uploaded, rehearse bool) (written data.Written, err error) {
	w := data.Write{By: v.by(), Kind: k, Action: "upload " + spoken(k.Plural), Records: up.Records, Refused: up.Refused, Partial: true, Rehearse: rehearse}
	w.Answer = func(done data.Written) (data.Answer, error) {
		written = done
		return data.Answer{Status: http.StatusCreated, Body: []byte("{}")}, nil
	}
	if !rehearse {
		w.Once = &data.Once{Key: d.ID, Digest: sha256.Sum256([]byte(d.Answers["file"] + d.Given["set"]))}
	}
	_, err = s.src.Write(ctx, w)
	var refused *data.Refused
	if errors.As(err, &refused) { // not one can be written
		return data.Written{Refused: refused.Rows, Result: data.ImportResult{Refused: len(refused.Rows)}}, nil
	}
	return written, err
}

// uploadedContent says what a file would do, or has done.
type uploadedContent struct {
	Title     string
	Sent      bool
	Writes    int // records that are new
	Same      int
	Refused   []data.Refusal
	Unused    []string
	RowsURL   string // the refused rows as a file
	SendURL   string
	ListURL   string
	BeginURL  string
	Token     string
	MoreWrong int // refusals that the page does not list; the file has them
}

// mostRefusals is how many refusals a page lists; the file has all.
const mostRefusals = 100

// uploadedPage says what a file would do: GET /work/upload/{kind}/{id}.
func (s *Server) uploadedPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	u, k, d, up, err := s.uploadedOf(r, v)
	if err != nil {
		return err
	}
	c := uploadedContent{Title: u.title, Sent: d.SentAt != nil, Unused: up.Unused, Token: v.token(), RowsURL: uploadPath(k, d.ID, "/refused"), SendURL: uploadPath(k, d.ID, "/send"), ListURL: "/work/lists/" + k.Name, BeginURL: "/work/upload/" + k.Name}
	written, err := s.writeUploaded(r.Context(), v, k, &d, up, true)
	if err != nil {
		return err
	}
	c.Writes, c.Same, c.Refused = written.Result.Added, written.Result.Unchanged, written.Refused
	if len(c.Refused) > mostRefusals {
		c.MoreWrong, c.Refused = len(c.Refused)-mostRefusals, c.Refused[:mostRefusals]
	}
	return s.showOwn(w, r, v, http.StatusOK, "workuploaded", frame{Title: u.title, Wide: true, Content: c})
}

// sendUpload writes what can be written: POST /work/upload/{kind}/{id}/send.
func (s *Server) sendUpload(w http.ResponseWriter, r *http.Request, v *visit) error {
	_, k, d, up, err := s.uploadedOf(r, v)
	if err != nil {
		return err
	}
	if d.SentAt == nil {
		if _, err := s.writeUploaded(r.Context(), v, k, &d, up, false); err != nil {
			return err
		}
		if err := s.src.DraftSent(r.Context(), v.by(), d.ID, ""); err != nil {
			return err
		}
	}
	http.Redirect(w, r, uploadPath(k, d.ID, ""), http.StatusSeeOther)
	return nil
}

// refusedRows gives the refused rows back as a file, each with what is wrong
// with it: GET /work/upload/{kind}/{id}/refused.
func (s *Server) refusedRows(w http.ResponseWriter, r *http.Request, v *visit) error {
	_, k, d, up, err := s.uploadedOf(r, v)
	if err != nil {
		return err
	}
	written, err := s.writeUploaded(r.Context(), v, k, &d, up, true)
	if err != nil {
		return err
	}
	t, err := newTable(w, "csv", "tributary-refused-"+slug(k), append(slices.Clone(up.Columns), "line", "field", "reason")...)
	if err != nil {
		return err
	}
	for _, bad := range written.Refused {
		var cells []any
		for i := range up.Columns {
			cell := ""
			if i < len(up.Cells[bad.Line]) {
				cell = up.Cells[bad.Line][i]
			}
			cells = append(cells, cell)
		}
		if err := t.row(append(cells, bad.Line, bad.Field, bad.Reason)...); err != nil {
			return err
		}
	}
	return t.close()
}
