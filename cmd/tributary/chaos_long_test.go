//go:build chaos

package main

// How much the chaos suite does by itself.
const (
	chaosFaults     = 900
	chaosMigrations = 150
	chaosDisks      = 20
)
