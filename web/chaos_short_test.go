//go:build !chaos

package web

// chaosStep is how many messages lie between two that are cut, as part of all
// tests; 'make chaos' cuts at every one.
const chaosStep = 11

// chaosPartitions is how often server and database are parted.
const chaosPartitions = 4
