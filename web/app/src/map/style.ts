import type { ExpressionSpecification, FontFacesSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import extended700 from "@fontsource/noto-sans/files/noto-sans-latin-ext-700-normal.woff2?url";
import extended400 from "@fontsource/noto-sans/files/noto-sans-latin-ext-400-normal.woff2?url";
import latin700 from "@fontsource/noto-sans/files/noto-sans-latin-700-normal.woff2?url";
import latin400 from "@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2?url";
import { colours } from "./colours.ts";
import { shadeBy, type Step } from "./key.ts";
import type { LayerName } from "./layers.ts";
import { maxTileZoom } from "./tiles.ts";

const regular = ["Noto Sans Regular"];
const bold = ["Noto Sans Bold"];

/**
 * The faces of labels. Both subsets with their ranges, or MapLibre would draw
 * Welsh ŵ and ŷ in another font and keep them so.
 */
function fontFaces(origin: string): FontFacesSpecification {
  const face = (latin: string, extended: string) => [
    { url: origin + extended, "unicode-range": ["U+0100-02BA", "U+1E00-1EFF"] },
    { url: origin + latin, "unicode-range": ["U+0000-00FF", "U+2000-206F"] },
  ];
  return { "Noto Sans Regular": face(latin400, extended400), "Noto Sans Bold": face(latin700, extended700) };
}

/** From which zoom the shading is gone: one territory fills the map by then. */
export const shadingUntil = 10;

/** What a map shows besides the filter's data. */
export interface Look {
  tiles: string; // address of the tiles
  origin: string;
  steps: readonly Step[];
  focus: string; // id of the place that a page is about; empty for none
  point: [number, number] | null; // the one place of an activity
  level: string; // how finely point is given
}

const isFocus = (focus: string): ExpressionSpecification => ["any", ["==", ["get", "id"], focus], ["==", ["get", "region"], focus]];
const many: ExpressionSpecification = [">", ["get", "count"], 1];
const one: ExpressionSpecification = ["==", ["get", "count"], 1];
const isCell: ExpressionSpecification = ["==", ["get", "level"], "cell"];

/** Radius in pixels of a circle on the ground, at 54° north. */
export function groundRadius(metres: number): ExpressionSpecification {
  const pixelsAt = (zoom: number) => (metres * 512 * 2 ** zoom) / (40_075_016.686 * Math.cos((54 * Math.PI) / 180));
  return ["interpolate", ["exponential", 2], ["zoom"], 8, Math.max(7, pixelsAt(8)), 12.2, Math.max(7, pixelsAt(12.2)), 20, pixelsAt(20)];
}

const circleRadius: ExpressionSpecification = ["interpolate", ["linear"], ["sqrt", ["get", "count"]], 1.4, 9, 4, 12, 10, 16, 30, 26, 100, 38];

function landLayers(look: Look): LayerSpecification[] {
  const land = look.focus ? (["case", isFocus(look.focus), colours.focusLand, colours.land] as ExpressionSpecification) : colours.land;
  return [
    { id: "sea", type: "background", paint: { "background-color": colours.sea } },
    { id: "land", type: "fill", source: "tiles", "source-layer": "territories", paint: { "fill-color": land, "fill-antialias": true } },
    {
      id: "shading", type: "fill", source: "tiles", "source-layer": "territories",
      paint: {
        "fill-color": shadeBy(look.steps, colours.land),
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 6.5, 1, 8, 0.5, shadingUntil, 0],
      },
    },
    {
      id: "territories-line", type: "line", source: "tiles", "source-layer": "territories", layout: { "line-join": "round" },
      paint: { "line-color": colours.territoryLine, "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.6, 8, 1.4, 12, 2] },
    },
    {
      id: "regions-line", type: "line", source: "tiles", "source-layer": "regions", layout: { "line-join": "round" },
      paint: { "line-color": colours.regionLine, "line-width": ["interpolate", ["linear"], ["zoom"], 4, 1.5, 8, 3] },
    },
    {
      id: "focus-line", type: "line", source: "tiles", "source-layer": "territories", filter: isFocus(look.focus || "none"),
      layout: { "line-join": "round" }, paint: { "line-color": "#0d4a56", "line-width": 2 },
    },
    ...(["territories", "regions"] as const).map((layer): LayerSpecification => ({
      id: `${layer}-picked`, type: "line", source: "tiles", "source-layer": layer, filter: ["==", ["get", "id"], ""],
      layout: { "line-join": "round" }, paint: { "line-color": colours.picked, "line-width": 3.5 },
    })),
  ];
}

function labelLayers(): LayerSpecification[] {
  const halo = { "text-halo-color": "rgba(255,255,255,0.92)", "text-halo-width": 1.6 };
  return [
    {
      id: "territories-label", type: "symbol", source: "tiles", "source-layer": "territories_label", minzoom: 4,
      layout: {
        "text-field": ["case", ["all", ["has", "name_cy"], ["!=", ["get", "name_cy"], ""], ["!=", ["get", "name_cy"], ["get", "name"]]],
          ["format", ["get", "name"], {}, "\n", {}, ["get", "name_cy"], { "font-scale": 0.85 }], ["get", "name"]],
        "text-font": regular, "text-size": ["interpolate", ["linear"], ["zoom"], 4.6, 11.5, 9, 17], "text-max-width": 6, "text-padding": 2,
        "text-variable-anchor": ["center", "top", "bottom"], "text-radial-offset": 1.1,
      },
      paint: { "text-color": colours.label, ...halo },
    },
    {
      id: "regions-label", type: "symbol", source: "tiles", "source-layer": "regions_label", maxzoom: 9,
      layout: {
        "text-field": ["get", "name"], "text-font": bold, "text-size": ["interpolate", ["linear"], ["zoom"], 4, 13, 8, 18],
        "text-max-width": 7, "text-padding": 4, "text-variable-anchor": ["center", "top", "bottom"], "text-radial-offset": 1.1,
      },
      paint: { "text-color": colours.regionLabel, ...halo },
    },
  ];
}

function activityLayers(): LayerSpecification[] {
  const source = { source: "tiles", "source-layer": "activities" } as const;
  const validated: ExpressionSpecification = [">", ["to-number", ["get", "validated"], 0], 0];
  return [
    {
      id: "activity-cells", type: "fill", source: "tiles", "source-layer": "activity_cells", minzoom: 11,
      paint: { "fill-color": colours.activity, "fill-opacity": 0.12 },
    },
    {
      id: "activities-soft", type: "circle", ...source, filter: ["all", one, isCell],
      paint: { "circle-radius": groundRadius(480), "circle-color": colours.activity, "circle-opacity": 0.42, "circle-blur": 0.6 },
    },
    {
      id: "activities-one", type: "circle", ...source, filter: ["all", one, ["!", isCell]],
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 6, 4.5, 12, 7],
        "circle-color": ["case", validated, colours.activity, colours.paper],
        "circle-stroke-color": ["case", validated, colours.paper, colours.activity], "circle-stroke-width": 2,
      },
    },
    {
      id: "activities-many", type: "circle", ...source, filter: many, layout: { "circle-sort-key": ["get", "count"] },
      paint: { "circle-radius": circleRadius, "circle-color": colours.activity, "circle-opacity": 0.92, "circle-stroke-color": colours.paper, "circle-stroke-width": 1.5 },
    },
    {
      id: "activities-number", type: "symbol", ...source, filter: many,
      layout: {
        "text-field": ["number-format", ["get", "count"], { locale: "en-GB" }], "text-font": bold,
        "text-size": ["interpolate", ["linear"], ["sqrt", ["get", "count"]], 1.4, 11, 10, 12.5, 30, 15],
        "text-allow-overlap": true, "text-padding": 7,
      },
      paint: { "text-color": colours.paper },
    },
  ];
}

function pointLayers(look: Look): LayerSpecification[] {
  if (!look.point) return [];
  if (look.level === "cell") {
    return [{
      id: "point", type: "circle", source: "point",
      paint: { "circle-radius": groundRadius(480), "circle-color": colours.activity, "circle-opacity": 0.45, "circle-blur": 0.5 },
    }];
  }
  return [{
    id: "point", type: "circle", source: "point",
    paint: { "circle-radius": 9, "circle-color": colours.activity, "circle-stroke-color": colours.paper, "circle-stroke-width": 3 },
  }];
}

/** The whole style of a map. */
export function styleOf(look: Look): StyleSpecification {
  const { point } = look;
  return {
    version: 8,
    "font-faces": fontFaces(look.origin),
    sources: {
      tiles: {
        type: "vector", tiles: [look.tiles], maxzoom: maxTileZoom, bounds: [-9.5, 48.8, 2.6, 61.7],
        promoteId: { territories: "id", regions: "id" },
      },
      ...(point && { point: { type: "geojson", data: { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: point } } } }),
    },
    layers: [...landLayers(look), ...labelLayers(), ...activityLayers(), ...pointLayers(look)],
  };
}

/**
 * From which zoom activities show while the shading is on: further out their
 * circles would hide the shading, which says the same.
 */
export const circlesOverShading = 6.5;

/** The drawn layers behind each switch. */
export const drawnBy: Record<LayerName, readonly string[]> = {
  activities: ["activity-cells", "activities-soft", "activities-one", "activities-many", "activities-number"],
  shading: ["shading"],
  territories: ["territories-line", "territories-label"],
  regions: ["regions-line", "regions-label"],
};
