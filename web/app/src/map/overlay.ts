// What lies on the base map for each layer that the page can show.
import type { ExpressionSpecification, LayerSpecification, SourceSpecification, VectorSourceSpecification } from "maplibre-gl";
import { arrows } from "./arrows.ts";
import { colours } from "./colours.ts";
import { colourCells, colourOf, colourPlaces, type KeyGroup } from "./key.ts";
import type { Row } from "./table.ts";
import { maxTileZoom } from "./tiles.ts";

/** What a layer is drawn from. */
export interface Shown {
  layer: string; // as the page names it; empty for activities alone
  metric: string;
  over: string; // address of its tiles; empty for none
  key: readonly KeyGroup[];
  rows: ReadonlyMap<string, Row>;
}

/** The sources and layers of an overlay: those under the lines of boundaries, and those over them. */
export interface Overlay {
  sources: Record<string, SourceSpecification>;
  under: LayerSpecification[];
  above: LayerSpecification[];
}

/** From which zoom the shading by activities is gone: one territory fills the map by then. */
export const shadingUntil = 10;

const bounds: [number, number, number, number] = [-9.5, 48.8, 2.6, 61.7];

/** A source of the server's tiles. */
export const vector = (tiles: string): VectorSourceSpecification => ({ type: "vector", tiles: [tiles], maxzoom: maxTileZoom, bounds });

const none: Overlay = { sources: {}, under: [], above: [] };

const steps = (shown: Shown, name: string) => shown.key.find((group) => group.name === name)?.steps ?? [];

/** The colours of the rows that have a value, by a part of the key. */
function rowColours(shown: Shown, part = "places"): Map<string, string> {
  const key = steps(shown, part);
  return new Map([...shown.rows.values()].filter((row) => row.value !== null).map((row) => [row.id, colourOf(row.value ?? 0, key, colours.land)]));
}

function heat(shown: Shown): Overlay {
  const paint = { "fill-color": colourCells(shown.metric, shown.key, colours.land), "fill-opacity": ["interpolate", ["linear"], ["zoom"], 7, 0.85, 11, 0.6] as ExpressionSpecification };
  return {
    sources: { over: vector(shown.over) },
    under: [
      { id: "heat-withheld", type: "fill", source: "over", "source-layer": "heat_withheld", paint: { "fill-color": "#6d7d88", "fill-opacity": 0.25 } },
      { id: "heat", type: "fill", source: "over", "source-layer": "heat", paint },
      { id: "heat-line", type: "line", source: "over", "source-layer": "heat", paint: { "line-color": colours.paper, "line-width": 0.6, "line-opacity": 0.6 } },
    ],
    above: [],
  };
}

function places(shown: Shown): Overlay {
  const ofAreas = shown.layer === "areas";
  const from = { source: "tiles", "source-layer": ofAreas ? "areas" : "territories" };
  const line: LayerSpecification = { id: "places-line", type: "line", ...from, paint: { "line-color": colours.areaLine, "line-width": 0.5 } };
  return {
    sources: {},
    under: [{ id: "places", type: "fill", ...from, paint: { "fill-color": colourPlaces(rowColours(shown), colours.land), "fill-opacity": ["interpolate", ["linear"], ["zoom"], 8, 0.95, 11, 0.55] } }, ...(ofAreas ? [line] : [])],
    above: [],
  };
}

function targetAreas(shown: Shown): Overlay {
  const from = { source: "over", "source-layer": "target_areas" } as const;
  return {
    sources: { over: vector(shown.over) },
    under: [{ id: "places", type: "fill", ...from, paint: { "fill-color": colourPlaces(rowColours(shown), colours.land), "fill-opacity": 0.85 } }],
    above: [{ id: "places-line", type: "line", ...from, paint: { "line-color": colours.target, "line-width": 2 } }],
  };
}

function gaps(shown: Shown): Overlay {
  if (!shown.over) return none;
  const from = { source: "over", "source-layer": "gaps" } as const;
  const states = steps(shown, "gaps").flatMap((step) => [step.state, step.colour]);
  const colour = ["match", ["get", "state"], ...states, colours.land] as unknown as ExpressionSpecification;
  return {
    sources: { over: vector(shown.over) },
    under: [
      { id: "places", type: "fill", ...from, paint: { "fill-color": states.length > 0 ? colour : colours.land, "fill-opacity": 0.85 } },
      { id: "places-line", type: "line", ...from, paint: { "line-color": "#505a5f", "line-width": 0.8 } },
    ],
    above: [],
  };
}

/** Name of the image of an arrow's head; the map adds it. */
export const arrowHead = "arrow-head";

function flows(shown: Shown): Overlay {
  const width: ExpressionSpecification = ["get", "width"];
  const paint = { "line-color": colours.flow, "line-opacity": 0.8 };
  return {
    sources: { arrows: { type: "geojson", data: arrows([...shown.rows.values()]) } },
    under: [],
    above: [
      { id: "flows", type: "line", source: "arrows", filter: ["==", ["geometry-type"], "LineString"], layout: { "line-cap": "butt", "line-join": "round" }, paint: { ...paint, "line-width": width } },
      {
        id: "flows-head", type: "symbol", source: "arrows", filter: ["has", "turn"],
        layout: { "icon-image": arrowHead, "icon-rotate": ["get", "turn"], "icon-size": ["/", ["+", 5, ["*", 1.5, width]], 16], "icon-anchor": "right", "icon-rotation-alignment": "map", "icon-allow-overlap": true, "icon-ignore-placement": true },
      },
      {
        id: "flows-within", type: "circle", source: "arrows", filter: ["all", ["==", ["geometry-type"], "Point"], ["!", ["has", "turn"]]],
        paint: { "circle-radius": ["+", 3, width], "circle-color": colours.within, "circle-opacity": 0.8, "circle-stroke-color": colours.paper, "circle-stroke-width": 1 },
      },
    ],
  };
}

/** The shading of territories by their number of activities. */
function activities(shown: Shown): Overlay {
  return {
    sources: {},
    under: [{
      id: "shading", type: "fill", source: "tiles", "source-layer": "territories",
      paint: { "fill-color": colourPlaces(rowColours(shown, "shading"), colours.land), "fill-opacity": ["interpolate", ["linear"], ["zoom"], 6.5, 1, 8, 0.5, shadingUntil, 0] },
    }],
    above: [],
  };
}

const kinds = new Map<string, (shown: Shown) => Overlay>(Object.entries({ heat, territories: places, areas: places, target_areas: targetAreas, gaps, flows, activities }));

/** The overlay of what the page shows. */
export function overlayOf(shown: Shown): Overlay {
  return kinds.get(shown.layer)?.(shown) ?? none;
}
