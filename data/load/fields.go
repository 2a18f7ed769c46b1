package load

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// fieldParser cuts lines into fields. A quoted field may span lines: then feed
// reports it open, and the next line goes on with it.
type fieldParser struct {
	comma   byte
	buf     []byte // the fields, joined
	ends    []int  // where each field ends in buf
	quoted  bool   // inside a quoted field
	stray   int    // index of the first field with a quote that should not be there, or -1
	literal []int  // fields whose quotes are ordinary letters
}

func (p *fieldParser) reset() {
	p.buf, p.ends, p.quoted, p.stray = p.buf[:0], p.ends[:0], false, -1
}

// feed parses one line, and reports whether a quoted field is still open at
// its end.
func (p *fieldParser) feed(text []byte) (open bool) {
	more := true
	if p.quoted {
		p.buf = append(p.buf, '\n')
		text, more = p.inQuotes(text)
	}
	for more {
		if start := bytes.TrimLeft(text, " "); len(start) > 0 && start[0] == '"' && !slices.Contains(p.literal, len(p.ends)) {
			p.quoted = true
			text, more = p.inQuotes(start[1:])
			continue
		}
		end := bytes.IndexByte(text, p.comma)
		if more = end >= 0; !more {
			end = len(text)
		}
		p.buf = append(p.buf, text[:end]...)
		p.ends = append(p.ends, len(p.buf))
		if more {
			text = text[end+1:]
		}
	}
	return p.quoted
}

// inQuotes parses to the end of a quoted field, and reports whether another
// field follows. A quote in the middle is kept as a letter and remembered as
// stray.
func (p *fieldParser) inQuotes(text []byte) (rest []byte, more bool) {
	for {
		q := bytes.IndexByte(text, '"')
		if q < 0 {
			p.buf = append(p.buf, text...)
			return nil, false
		}
		p.buf = append(p.buf, text[:q]...)
		text = text[q+1:]
		if len(text) > 0 && text[0] == '"' {
			p.buf = append(p.buf, '"')
			text = text[1:]
			continue
		}
		after := bytes.TrimLeft(text, " ")
		if len(after) == 0 || after[0] == p.comma {
			p.quoted = false
			p.ends = append(p.ends, len(p.buf))
			if len(after) == 0 {
				return nil, false
			}
			return after[1:], true
		}
		p.buf = append(p.buf, '"')
		if p.stray < 0 {
			p.stray = len(p.ends)
		}
	}
}

// fields returns the fields as text. Those that are not UTF-8 are read as
// Windows-1252, in which every byte is a letter or a mark; the count of them
// is returned as well. Deciding by field rather than by file reads files that
// were joined from both.
func (p *fieldParser) fields() (fields []string, decoded int) {
	fields = make([]string, len(p.ends))
	all := string(p.buf)
	valid := utf8.ValidString(all)
	start := 0
	for i, end := range p.ends {
		fields[i] = all[start:end]
		if !valid && !utf8.ValidString(fields[i]) {
			// The decoder replaces what it cannot read, and so has no errors.
			fields[i], _ = charmap.Windows1252.NewDecoder().String(fields[i])
			decoded++
		}
		start = end
	}
	return fields, decoded
}
