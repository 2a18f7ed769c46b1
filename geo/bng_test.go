package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

func TestGridProjection(t *testing.T) {
	// The worked example of Ordnance Survey's guide, annex C: Caister water
	// tower, 52°39'27.2531" N, 1°43'4.5177" E on OSGB36.
	wantLat, wantLon := 52+39./60+27.2531/3600, 1+43./60+4.5177/3600
	lat, lon := fromMercator(651409.903, 313177.270)
	if d := math.Hypot(lat*180/math.Pi-wantLat, lon*180/math.Pi-wantLon); d > 2e-8 {
		t.Errorf("got %.8f, %.8f; want %.8f, %.8f", lat*180/math.Pi, lon*180/math.Pi, wantLat, wantLon)
	}
	e, n := toMercator(wantLat*math.Pi/180, wantLon*math.Pi/180)
	if math.Hypot(e-651409.903, n-313177.270) > 2e-3 {
		t.Errorf("got %.3f, %.3f; want 651409.903, 313177.270", e, n)
	}
}

func TestFromGrid(t *testing.T) {
	for _, tt := range []struct {
		name string
		grid orb.Point
		want orb.Point // to five decimals
	}{
		{"Caister", orb.Point{651409.903, 313177.270}, orb.Point{1.71605, 52.65798}},
	} {
		got := FromGrid(tt.grid)
		if math.Abs(got[0]-tt.want[0]) > 5e-5 || math.Abs(got[1]-tt.want[1]) > 5e-5 {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
	for _, grid := range []orb.Point{{90_000, 10_000}, {651_409, 313_177}, {530_000, 180_000}, {447_600, 1_141_400}} {
		back := ToGrid(FromGrid(grid))
		if d := math.Hypot(back[0]-grid[0], back[1]-grid[1]); d > 0.01 {
			t.Errorf("%v: %v metres off after there and back", grid, d)
		}
	}
}
