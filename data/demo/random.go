package demo

import (
	"math"
	"math/rand/v2"
)

// random draws for one record.
type random struct {
	pcg rand.PCG
	*rand.Rand
}

// What numbers are drawn for: the same number of another kind draws others.
const (
	ofActivity uint64 = iota + 1
	ofProvider
	ofBuyer
	ofSupplier
	ofContract
	ofOrder
	ofContribution
	ofValidation
	ofNeed
	ofCommitment
	ofTransaction
	ofUpdate
	ofDocument
	ofObservation
	ofTarget
	ofRegister
	ofTerm
	ofTerritory
	ofPlan
	ofSite
)

// about returns the draws for a record: the same whatever was drawn before.
func (w *World) about(kind uint64, i int) *random {
	r := &random{}
	r.Rand = rand.New(&r.pcg)
	r.restart(w, kind, i)
	return r
}

// restart makes r draw for another record.
func (r *random) restart(w *World, kind uint64, i int) {
	r.pcg.Seed(mix(w.opt.Seed), mix(kind<<48^uint64(i)))
}

// mix spreads neighbouring numbers (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// chance is true with probability p.
func (r *random) chance(p float64) bool { return r.Float64() < p }

// skewed draws a number below n, the first ones far more often.
func (r *random) skewed(n int) int {
	u := r.Float64()
	return min(int(float64(n)*u*u), n-1)
}

// around draws from a log-normal distribution with the given median.
func (r *random) around(median, sigma float64) float64 {
	return median * math.Exp(sigma*r.NormFloat64())
}

// between draws a whole number from a to b.
func (r *random) between(a, b int) int { return a + r.IntN(b-a+1) }

// pick draws one of several.
func pick[T any](r *random, of []T) T { return of[r.IntN(len(of))] }

// weighted draws an index by weights.
func weighted(r *random, weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	at := r.IntN(total)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}
