package load

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"

	"tributary/data"
)

// RefusalLog keeps refusals. They are added in ascending order of line.
type RefusalLog = Spool[data.Refusal]

// NewRefusalLog opens an empty log.
func NewRefusalLog() (*RefusalLog, error) { return NewSpool[data.Refusal]() }

// Spool keeps records on disk, so that a file of nothing but bad rows does not
// fill the memory.
type Spool[T any] struct {
	file  *os.File
	out   *bufio.Writer
	count int
}

// NewSpool opens an empty spool in a temporary file, which has no name and
// goes with the process.
func NewSpool[T any]() (*Spool[T], error) {
	f, err := os.CreateTemp("", "tributary-refusals-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Spool[T]{file: f, out: bufio.NewWriter(f)}, nil
}

// Add appends records.
func (l *Spool[T]) Add(records ...T) error {
	for _, r := range records {
		b, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if _, err := l.out.Write(append(b, '\n')); err != nil {
			return err
		}
		l.count++
	}
	return nil
}

// Len is how many records were added.
func (l *Spool[T]) Len() int { return l.count }

// All reads the records back, in order.
func (l *Spool[T]) All() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if err := l.out.Flush(); err != nil {
			yield(none, err)
			return
		}
		dec := json.NewDecoder(io.NewSectionReader(l.file, 0, 1<<62))
		for {
			var r T
			err := dec.Decode(&r)
			if errors.Is(err, io.EOF) || !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// Close forgets the records.
func (l *Spool[T]) Close() error { return l.file.Close() }

// MergeRefusals reads two logs as one, in ascending order of line.
func MergeRefusals(a, b *RefusalLog) iter.Seq2[data.Refusal, error] {
	return func(yield func(data.Refusal, error) bool) {
		nextA, stopA := iter.Pull2(a.All())
		defer stopA()
		nextB, stopB := iter.Pull2(b.All())
		defer stopB()
		ra, errA, okA := nextA()
		rb, errB, okB := nextB()
		for okA || okB {
			if okA && (!okB || ra.Line <= rb.Line) {
				if !yield(ra, errA) {
					return
				}
				ra, errA, okA = nextA()
				continue
			}
			if !yield(rb, errB) {
				return
			}
			rb, errB, okB = nextB()
		}
	}
}
