package tiles

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// Coding is how a tile is sent: a content coding of HTTP.
type Coding uint8

// The codings, the one that is preferred last.
const (
	Identity Coding = iota
	Gzip
	Brotli
	codings
)

// String is the coding's name in HTTP; empty for identity.
func (c Coding) String() string { return [codings]string{"", "gzip", "br"}[c] }

// Levels of compression, by measurement (ARCHITECTURE.md): what the first who
// asks waits for, against what everyone after has to fetch.
const (
	gzipLevel   = 6
	brotliLevel = 5
)

// Finished is a finished tile: its bytes, and those of each coding once they
// were asked for. It never changes otherwise.
type Finished struct {
	forms [codings]Form
	once  [codings]sync.Once
	size  atomic.Int64
	press *press
	grown func() // called when a form more takes up memory
}

// Form is a tile in one coding, with a strong entity tag of its own. The tag, in
// quotes, and the length of the body are as the headers of HTTP have them.
type Form struct {
	Body        []byte
	Tag, Length []string
}

func (f *Form) fill(b []byte) { f.Body, f.Length = b, []string{strconv.Itoa(len(b))} }

// finish makes a tile of its bytes. The tag is their hash, and so the same on
// all instances; it names the coding.
func finish(b []byte, p *press) *Finished {
	sum := sha256.Sum256(b)
	tag := hex.EncodeToString(sum[:12])
	f := &Finished{press: p}
	for c := range codings {
		f.forms[c].Tag = []string{`"` + strings.TrimSuffix(tag+"-"+c.String(), "-") + `"`}
	}
	f.forms[Identity].fill(b)
	f.size.Store(int64(len(b)))
	return f
}

// Empty reports whether there is nothing in the tile.
func (f *Finished) Empty() bool { return len(f.forms[Identity].Body) == 0 }

// In returns the tile in a coding. The first who asks for one encodes it; who
// comes meanwhile waits for that.
func (f *Finished) In(c Coding) *Form {
	form := &f.forms[c]
	if c == Identity || f.Empty() {
		return form
	}
	f.once[c].Do(func() {
		form.fill(f.press.compress(f.forms[Identity].Body, c))
		f.size.Add(int64(len(form.Body)))
		if f.grown != nil {
			f.grown()
		}
	})
	return form
}

// Tag is the entity tag of a coding, whether or not it was asked for before.
func (f *Finished) Tag(c Coding) []string { return f.forms[c].Tag }

// press compresses. Writers have tables of hundreds of kilobytes that are worth
// keeping.
type press struct {
	writers [codings]sync.Pool
}

type resetWriter interface {
	io.WriteCloser
	Reset(io.Writer)
}

func newPress() *press {
	p := &press{}
	p.writers[Gzip].New = func() any {
		w, err := gzip.NewWriterLevel(nil, gzipLevel)
		if err != nil {
			panic(err) // the level is a constant
		}
		return w
	}
	p.writers[Brotli].New = func() any { return brotli.NewWriterLevel(nil, brotliLevel) }
	return p
}

func (p *press) compress(b []byte, c Coding) []byte {
	w := p.writers[c].Get().(resetWriter)
	defer p.writers[c].Put(w)
	var out bytes.Buffer
	out.Grow(len(b)/2 + 64)
	w.Reset(&out)
	if _, err := w.Write(b); err != nil {
		panic(err) // memory takes everything
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return bytes.Clone(out.Bytes())
}
