package web

import (
	"context"

	"tributary/data"
)

// RecordSource answers what there is to know of single records, for their pages
// and the API.
type RecordSource interface {
	// ActivityProfiles are in the order of ids, without those that may not be
	// seen.
	ActivityProfiles(ctx context.Context, ids []string) ([]data.ActivityProfile, error)
	// IndicatorSeries are of the activities, territories and areas of a filter.
	IndicatorSeries(ctx context.Context, f data.Filter) ([]data.IndicatorSeries, error)
}
