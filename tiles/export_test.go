package tiles

// TellSums makes tiles tell contributions one by one only where they hold no
// more than so many.
func (t *Tiles) TellSums(most int) { t.mostSingles = most }
