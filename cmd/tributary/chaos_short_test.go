//go:build !chaos

package main

// How much the chaos suite does as part of all tests; 'make chaos' does more.
const (
	chaosFaults     = 14
	chaosMigrations = 3
	chaosDisks      = 1
)
