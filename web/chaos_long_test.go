//go:build chaos

package web

// chaosStep is how many messages lie between two that are cut.
const chaosStep = 1

// chaosPartitions is how often server and database are parted.
const chaosPartitions = 50
