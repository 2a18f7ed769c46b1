package data

// IndicatorSeries is one indicator of one subject over time: an activity, a
// territory or an area.
type IndicatorSeries struct {
	Code      string          `json:"code"`
	Title     string          `json:"title"`
	Unit      string          `json:"unit"`
	Direction string          `json:"direction"` // which way is better: higher or lower
	Domain    string          `json:"domain"`
	SourceOf  string          `json:"source_of,omitempty"`
	Subject   Party           `json:"subject"`
	Points    []ObservedPoint `json:"points"` // by time
}

// ObservedPoint is a published value with its 95 % interval, where there is one.
type ObservedPoint struct {
	From  Date     `json:"from"`
	To    Date     `json:"to"`
	Value float64  `json:"value"`
	Lower *float64 `json:"lower,omitempty"`
	Upper *float64 `json:"upper,omitempty"`
}

// Verdict says in words how the last value stands to the first. Only intervals
// that lie apart make a difference.
func (s IndicatorSeries) Verdict() string {
	if len(s.Points) < 2 {
		return "measured once: the baseline"
	}
	first, last := s.Points[0], s.Points[len(s.Points)-1]
	if first.Lower == nil || first.Upper == nil || last.Lower == nil || last.Upper == nil {
		return "no interval is known, so a difference cannot be told from chance"
	}
	higher, lower := *last.Lower > *first.Upper, *last.Upper < *first.Lower
	switch {
	case !higher && !lower:
		return "no clear difference from the start"
	case higher == (s.Direction == "higher"):
		return "clearly better than at the start"
	}
	return "clearly worse than at the start"
}
