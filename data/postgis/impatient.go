package postgis

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// longestWait is how long anybody waits for a connection while all are taken:
// who comes later is told so, instead of standing in a queue that only grows.
const longestWait = 5 * time.Second

// impatient bounds the wait for a connection. A tracer is the one place where
// the pool lets that be done for every statement.
type impatient struct{}

type waitKey struct{}

// TraceAcquireStart implements pgxpool.AcquireTracer.
func (impatient) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	ctx, cancel := context.WithTimeout(ctx, longestWait)
	return context.WithValue(ctx, waitKey{}, cancel)
}

// TraceAcquireEnd implements pgxpool.AcquireTracer.
func (impatient) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireEndData) {
	if cancel, ok := ctx.Value(waitKey{}).(context.CancelFunc); ok {
		cancel()
	}
}

// TraceQueryStart implements pgx.QueryTracer.
func (impatient) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (impatient) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
