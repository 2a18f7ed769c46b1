package load

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxLine is the longest line of a text table, in bytes. Longer ones are
// refused without being held in memory.
const maxLine = 1 << 20

// line is one physical line without its end.
type line struct {
	number  int // from 1
	text    []byte
	tooLong bool // text holds only the start
}

// lineReader cuts a stream into lines that end with \n, \r\n or a bare \r,
// mixed as they come.
type lineReader struct {
	r       *bufio.Reader
	number  int
	long    []byte // holds a line that spans buffers
	afterCR bool   // the line before ended with a \r at the edge of the buffer
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 256<<10)}
}

// next returns the next line; its text is valid until the following call. The
// error is io.EOF after the last line.
func (l *lineReader) next() (line, error) {
	out := line{number: l.number + 1}
	l.long = l.long[:0]
	for {
		chunk, err := l.peek()
		if errors.Is(err, io.EOF) && (len(l.long) > 0 || out.tooLong) {
			break // a last line without an end
		}
		if err != nil {
			return line{}, err
		}
		end, ended := lineEnd(chunk)
		if ended && len(l.long) == 0 && !out.tooLong && end <= maxLine {
			// The common case: the whole line lies in the buffer, where it
			// stays valid until the next read.
			out.text = chunk[:end]
			l.skip(chunk, end)
			l.number++
			return out, nil
		}
		out.tooLong = l.keep(chunk[:end]) || out.tooLong
		if ended {
			l.skip(chunk, end)
			break
		}
		_, _ = l.r.Discard(end)
	}
	l.number++
	out.text = l.long
	return out, nil
}

// peek returns what is buffered, at least one byte of it.
func (l *lineReader) peek() ([]byte, error) {
	for {
		if _, err := l.r.Peek(1); err != nil {
			return nil, err
		}
		chunk, _ := l.r.Peek(l.r.Buffered())
		if l.afterCR && chunk[0] == '\n' {
			_, _ = l.r.Discard(1)
			l.afterCR = false
			continue
		}
		l.afterCR = false
		return chunk, nil
	}
}

// lineEnd is where the first line of chunk ends, or its length if it does not.
func lineEnd(chunk []byte) (end int, ended bool) {
	end = bytes.IndexByte(chunk, '\n')
	if ended = end >= 0; !ended {
		end = len(chunk)
	}
	if cr := bytes.IndexByte(chunk[:end], '\r'); cr >= 0 {
		return cr, true
	}
	return end, ended
}

// keep adds to the line being joined, and reports whether it grew too long.
func (l *lineReader) keep(b []byte) (tooLong bool) {
	room := maxLine - len(l.long)
	l.long = append(l.long, b[:min(room, len(b))]...)
	return len(b) > room
}

// skip passes over a line and its end. A \r at the edge of the buffer leaves
// its \n, if there is one, to the next call: reading on here would overwrite
// the line.
func (l *lineReader) skip(chunk []byte, end int) {
	n := end + 1
	if chunk[end] == '\r' {
		switch {
		case n == len(chunk):
			l.afterCR = true
		case chunk[n] == '\n':
			n++
		}
	}
	_, _ = l.r.Discard(n)
}
