package postgis

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

// Requests of one key that wait for one another are written together: most of
// what a small write costs, it costs once a transaction. Each is answered as if
// it had been alone, and one that cannot be taken is done again, alone.

// maxTogether is how many records are written together.
const maxTogether = 400

// togetherTakes is the longest that writing together may take: it does not end
// with one of the clients. patience is how long a request waits in all.
const (
	togetherTakes = 30 * time.Second
	patience      = 20 * time.Second
)

// queues are the requests that wait, by key and kind.
type queues struct {
	mu sync.Mutex
	by map[queueID]*queue
}

type queueID struct {
	key  string
	kind *data.Kind
}

type queue struct {
	waiting []*waiter
	atWork  []*waiter
}

// waiter is a request that waits for its answer.
type waiter struct {
	ctx  context.Context
	w    data.Write
	done chan outcome // of one
	over bool         // answered; guarded by the queues' lock
}

type outcome struct {
	answer data.Answer
	err    error
}

// mayJoin reports whether a request can be written together with others: it
// makes small new records, all or none.
func mayJoin(w data.Write) bool {
	return w.Change == nil && !w.Partial && !w.Rehearse && len(w.Refused) == 0 && len(w.Records) > 0 && len(w.Records) <= maxTogether/4 && !w.Kind.ManyRows()
}

// join waits until a request is written, and answers it.
func (s *Store) join(ctx context.Context, w data.Write) (data.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	me := &waiter{ctx: ctx, w: w, done: make(chan outcome, 1)}
	id := queueID{w.By.ID, w.Kind}
	q := &s.queues
	q.mu.Lock()
	if q.by == nil {
		q.by = map[queueID]*queue{}
	}
	mine, there := q.by[id]
	if !there {
		mine = &queue{}
		q.by[id] = mine
	}
	if mine.has(w.Once) {
		q.mu.Unlock()
		return data.Answer{}, data.ErrInFlight
	}
	mine.waiting = append(mine.waiting, me)
	q.mu.Unlock()
	if !there {
		go s.serve(id, mine)
	}
	select {
	case out := <-me.done:
		return out.answer, out.err
	case <-ctx.Done():
		return data.Answer{}, fmt.Errorf("%w: waiting for other writers: %w", data.ErrUnavailable, ctx.Err())
	}
}

// has reports whether a request of the same idempotency key waits or is at
// work. A transaction could not tell: it would hold the lock already.
func (q *queue) has(once *data.Once) bool {
	same := func(o *waiter) bool {
		return !o.over && once != nil && o.w.Once != nil && o.w.Once.Key == once.Key
	}
	return slices.ContainsFunc(q.waiting, same) || slices.ContainsFunc(q.atWork, same)
}

// serve writes what waits in a queue until nothing does.
func (s *Store) serve(id queueID, q *queue) {
	for {
		s.writers <- struct{}{}
		s.queues.mu.Lock()
		q.atWork = nil
		if len(q.waiting) == 0 {
			delete(s.queues.by, id)
			s.queues.mu.Unlock()
			<-s.writers
			return
		}
		q.atWork = q.next()
		batch := q.atWork
		s.queues.mu.Unlock()
		ctx, cancel := s.shared(context.Background(), togetherTakes)
		s.together(ctx, batch)
		cancel()
		<-s.writers
	}
}

// next takes from the queue what can be written together: as much as there is
// room for, no record twice.
func (q *queue) next() (batch []*waiter) {
	ids := map[string]bool{}
	records := 0
	var later []*waiter
	for _, o := range q.waiting {
		clash := records+len(o.w.Records) > maxTogether
		for _, in := range o.w.Records {
			clash = clash || ids[in.Record.Key().ExternalID]
		}
		if clash {
			later = append(later, o)
			continue
		}
		records += len(o.w.Records)
		for _, in := range o.w.Records {
			ids[in.Record.Key().ExternalID] = true
		}
		batch = append(batch, o)
	}
	q.waiting = later
	return batch
}

// together writes requests in one transaction. Those that it cannot take, and
// all if it fails otherwise, are done one by one.
func (s *Store) together(ctx context.Context, batch []*waiter) {
	defer func() {
		// Nobody else would catch it here, and all would wait in vain.
		if fault := recover(); fault != nil {
			slog.ErrorContext(ctx, "writing together", "panic", fault, "stack", string(debug.Stack()))
			for _, o := range batch {
				s.finish(o, outcome{err: fmt.Errorf("%s: %v", o.w.Action, fault)})
			}
		}
	}()
	var apart []*waiter
	left := slices.DeleteFunc(slices.Clone(batch), func(o *waiter) bool { return o.ctx.Err() != nil }) // nobody waits
	for len(left) > 1 {
		var outcomes []outcome
		var good, bad []*waiter
		err := s.write(ctx, actorOf(left[0].w.By), func(tx pgx.Tx) (err error) {
			outcomes, good, bad, err = s.merger(tx, left[0].w).attemptAll(ctx, left)
			return err
		})
		if errors.Is(err, errWithout) {
			apart, left = append(apart, bad...), good
			continue
		}
		err = wrap(left[0].w.Action, err)
		if err != nil && !errors.Is(err, data.ErrUnavailable) {
			break
		}
		for i, o := range left {
			answered := outcome{err: err} // alone, each would meet the same
			if err == nil {
				answered = outcomes[i]
			}
			s.finish(o, answered)
		}
		left = nil
	}
	for _, o := range slices.Concat(left, apart) {
		answer, err := s.alone(ctx, o.w)
		s.finish(o, outcome{answer, err})
	}
}

// finish gives a request its answer.
func (s *Store) finish(o *waiter, out outcome) {
	s.queues.mu.Lock()
	first := !o.over
	o.over = true
	s.queues.mu.Unlock()
	if first {
		o.done <- out
	}
}

// attemptAll does requests in one transaction. Those at fault come back with
// errWithout, apart from those that are left.
func (m *merge) attemptAll(ctx context.Context, batch []*waiter) (outcomes []outcome, left, out []*waiter, err error) {
	outcomes = make([]outcome, len(batch))
	all := batch[0].w
	all.Records = nil
	owner := map[int]int{} // of a line, its request
	fresh := make([]bool, len(batch))
	for i, o := range batch {
		answer, done, err := m.earlier(ctx, o.w)
		if err != nil && !errors.Is(err, data.ErrReused) && !errors.Is(err, data.ErrInFlight) {
			return nil, nil, nil, err
		}
		if done || err != nil {
			outcomes[i] = outcome{answer, err}
			continue
		}
		fresh[i] = true
		for _, in := range o.w.Records {
			in.Line = len(all.Records) + 1
			owner[in.Line] = i
			all.Records = append(all.Records, in)
		}
	}
	if len(all.Records) == 0 {
		return outcomes, nil, nil, nil
	}
	started := time.Now()
	if err := m.lock(ctx); err != nil {
		return nil, nil, nil, err
	}
	refused, err := m.takeRecords(ctx, all)
	if err != nil {
		return nil, nil, nil, err
	}
	late, err := m.notAllowed(ctx, all)
	if err != nil {
		return nil, nil, nil, err
	}
	if refused = append(refused, late...); len(refused) > 0 {
		bad := map[int]bool{}
		for _, r := range refused {
			bad[owner[r.Line]] = true
		}
		for i, o := range batch {
			if bad[i] {
				out = append(out, o)
			} else {
				left = append(left, o)
			}
		}
		return nil, left, out, errWithout
	}
	for i, o := range batch {
		if !fresh[i] {
			continue
		}
		if outcomes[i].answer, err = m.answer(ctx, o.w, m.count(o.w, nil)); err != nil {
			return nil, nil, nil, err
		}
	}
	return outcomes, nil, nil, m.note(ctx, all, started, m.count(all, nil).Result)
}
