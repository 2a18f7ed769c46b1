import type { ExpressionSpecification, FontFacesSpecification, LayerSpecification, StyleSpecification, VariableAnchorOffsetCollectionSpecification } from "maplibre-gl";
import extended700 from "@fontsource/noto-sans/files/noto-sans-latin-ext-700-normal.woff2?url";
import extended400 from "@fontsource/noto-sans/files/noto-sans-latin-ext-400-normal.woff2?url";
import latin700 from "@fontsource/noto-sans/files/noto-sans-latin-700-normal.woff2?url";
import latin400 from "@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2?url";
import { colours } from "./colours.ts";
import type { LayerName } from "./layers.ts";
import { overlayOf, vector, type Shown } from "./overlay.ts";

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

/** What a map shows besides the filter's data. */
export interface Look {
  tiles: string; // address of the boundaries' tiles
  activities: string; // and of those of the filter's activities; empty where none are shown
  origin: string;
  shown: Shown; // the layer of the page
  on: ReadonlySet<LayerName>; // what is switched on
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

function landLayers(look: Look, under: LayerSpecification[]): LayerSpecification[] {
  const areasFrom = look.focus ? 6 : 7.5;
  const land = look.focus ? (["case", isFocus(look.focus), colours.focusLand, colours.land] as ExpressionSpecification) : colours.land;
  return [
    { id: "sea", type: "background", paint: { "background-color": colours.sea } },
    { id: "land", type: "fill", source: "tiles", "source-layer": "territories", paint: { "fill-color": land, "fill-antialias": true } },
    ...under,
    { id: "areas-land", type: "fill", source: "tiles", "source-layer": "areas", minzoom: areasFrom, paint: { "fill-opacity": 0 } },
    {
      id: "areas-line", type: "line", source: "tiles", "source-layer": "areas", minzoom: areasFrom, layout: { "line-join": "round" },
      paint: {
        "line-color": colours.areaLine, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.7, 12, 1.4],
        "line-opacity": ["interpolate", ["linear"], ["zoom"], areasFrom, 0.2, areasFrom + 1, 1],
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
    ...(["territories", "regions", "areas"] as const).map((layer): LayerSpecification => ({
      id: `${layer}-picked`, type: "line", source: "tiles", "source-layer": layer, filter: ["==", ["get", "id"], ""],
      layout: { "line-join": "round" }, paint: { "line-color": colours.picked, "line-width": 3.5 },
    })),
  ];
}

/** Discs turn into the outlines of their cells as the cells become large. */
const cellsOpacity = (opacity: number): ExpressionSpecification => ["interpolate", ["linear"], ["zoom"], 11, 0, 11.6, opacity];

function activityLayers(): LayerSpecification[] {
  const source = { source: "activities", "source-layer": "activities" } as const;
  const validated: ExpressionSpecification = [">", ["to-number", ["get", "validated"], 0], 0];
  return [
    {
      id: "activity-cells", type: "fill", source: "activities", "source-layer": "activity_cells", minzoom: 11,
      paint: { "fill-color": colours.activity, "fill-opacity": cellsOpacity(0.26), "fill-outline-color": colours.activity },
    },
    {
      id: "activities-soft", type: "circle", ...source, filter: ["all", one, isCell],
      paint: { "circle-radius": groundRadius(480), "circle-color": colours.activity, "circle-opacity": ["interpolate", ["linear"], ["zoom"], 10.8, 0.42, 11.6, 0], "circle-blur": 0.6 },
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
  ];
}

/** Name of the image that marks a town; the map adds it. */
export const townDot = "town-dot";

/** English name, then the Welsh one where it differs. */
const bothNames: ExpressionSpecification = [
  "case", ["all", ["has", "name_cy"], ["!=", ["get", "name_cy"], ""], ["!=", ["get", "name_cy"], ["get", "name"]]],
  ["format", ["get", "name"], {}, "\n", {}, ["get", "name_cy"], { "font-scale": 0.85 }], ["get", "name"],
];

/** Both names from a zoom on where there is room for them. */
const namesFrom = (zoom: number): ExpressionSpecification => ["step", ["zoom"], ["get", "name"], zoom, bothNames];

/** Sizes of towns' names: small and large towns at two zooms. */
const townSize: ExpressionSpecification = [
  "interpolate", ["linear"], ["zoom"],
  6, ["step", ["get", "population"], 11, 150_000, 12.5],
  12, ["step", ["get", "population"], 12.5, 20_000, 15, 150_000, 18],
];

/** The smallest town named at a zoom; small maps of one place name more. */
const townsFrom = (sooner: number): ExpressionSpecification => [
  ">=", ["get", "population"], ["step", ["zoom"], 200_000, 7 - sooner, 80_000, 8 - sooner, 20_000, 9 - sooner, 0],
];

/** Where a town's name may stand: close to its dot, else outside the circle of a group of activities. */
const besideDotOrCircle: VariableAnchorOffsetCollectionSpecification = [
  "left", [0.45, 0], "right", [-0.45, 0], "top", [0, 0.4], "bottom", [0, -0.4],
  "top", [0, 1.1], "bottom", [0, -1.1], "left", [1.3, 0], "right", [-1.3, 0],
];

/** Names, the least important first: MapLibre places the last layer first. */
function labelLayers(look: Look): LayerSpecification[] {
  const halo = { "text-halo-color": "rgba(255,255,255,0.92)", "text-halo-width": 1.6 };
  return [
    {
      id: "areas-label", type: "symbol", source: "tiles", "source-layer": "areas_label", minzoom: look.focus ? 7.5 : 8.5,
      layout: {
        "text-field": namesFrom(9.5), "text-font": regular, "text-size": ["interpolate", ["linear"], ["zoom"], 8, 11.5, 12, 14],
        "text-max-width": 7, "text-padding": 6, "text-letter-spacing": 0.04,
      },
      paint: { "text-color": colours.areaLabel, ...halo },
    },
    {
      id: "towns", type: "symbol", source: "tiles", "source-layer": "towns", minzoom: 5, filter: townsFrom(look.focus ? 1 : 0),
      layout: {
        "symbol-sort-key": ["-", 0, ["get", "population"]],
        "icon-image": townDot, "icon-padding": 1, "icon-optional": true,
        "text-field": ["get", "name"], "text-font": regular, "text-size": townSize, "text-max-width": 8, "text-padding": 5,
        "text-variable-anchor-offset": besideDotOrCircle, "text-justify": "auto",
      },
      paint: { "text-color": colours.townLabel, ...halo },
    },
    {
      id: "territories-label", type: "symbol", source: "tiles", "source-layer": "territories_label", minzoom: 4, maxzoom: 11,
      layout: {
        "symbol-sort-key": ["-", 0, ["to-number", ["get", "activities"], 0]],
        "text-field": namesFrom(6.5), "text-font": regular, "text-size": ["interpolate", ["linear"], ["zoom"], 4.6, 11.5, 9, 18],
        "text-max-width": 6, "text-padding": 2, "text-variable-anchor": ["center", "top", "bottom"], "text-radial-offset": 1.1,
      },
      paint: { "text-color": colours.label, ...halo },
    },
    {
      id: "regions-label", type: "symbol", source: "tiles", "source-layer": "regions_label", maxzoom: 9,
      layout: {
        "text-field": namesFrom(5.5), "text-font": bold, "text-size": ["interpolate", ["linear"], ["zoom"], 4, 13, 8, 18],
        "text-max-width": 7, "text-padding": 4, "text-variable-anchor": ["center", "top", "bottom"], "text-radial-offset": 1.1,
      },
      paint: { "text-color": colours.regionLabel, ...halo },
    },
  ];
}

/** What keeps names off a circle: an unseen image of about its size. */
const keepOff = (padding: number) =>
  ({ layout: { "icon-image": townDot, "icon-allow-overlap": true, "icon-padding": padding }, paint: { "icon-opacity": 0 } }) as const;

/** The numbers in the circles stand over everything, and names beside circles. */
function numberLayers(look: Look): LayerSpecification[] {
  return [
    ...(look.point ? [{ id: "point-room", type: "symbol", source: "point", ...keepOff(8) } as const] : []),
    { id: "activities-room", type: "symbol", source: "activities", "source-layer": "activities", filter: one, ...keepOff(3) },
    {
      id: "activities-number", type: "symbol", source: "activities", "source-layer": "activities", filter: many,
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

/** The drawn layers behind each switch. */
export const drawnBy: Record<LayerName, readonly string[]> = {
  activities: ["activity-cells", "activities-soft", "activities-one", "activities-many", "activities-room", "activities-number"],
  shading: ["shading", "heat", "heat-line", "heat-withheld", "places", "places-line", "flows", "flows-head", "flows-within"],
  territories: ["territories-line", "territories-label"],
  regions: ["regions-line", "regions-label"],
  areas: ["areas-land", "areas-line", "areas-label"],
  towns: ["towns"],
};

/**
 * From which zoom activities show while the shading is on: further out their
 * circles would hide the shading, which says the same.
 */
export const circlesOverShading = 6.5;

/** Hides what is switched off, and circles where the shading says the same. */
function switched(layer: LayerSpecification, look: Look): LayerSpecification {
  const name = (Object.keys(drawnBy) as LayerName[]).find((of) => drawnBy[of].includes(layer.id));
  if (!name) return layer;
  const covered = name === "activities" && layer.id !== "activity-cells" && look.shown.layer !== "" && look.on.has("shading");
  const visibility = look.on.has(name) ? "visible" : "none";
  return { ...layer, ...(covered && { minzoom: circlesOverShading }), layout: { ...layer.layout, visibility } } as LayerSpecification;
}

/** The whole style of a map. */
export function styleOf(look: Look): StyleSpecification {
  const { point } = look;
  const overlay = overlayOf(look.shown);
  const ofActivities = look.activities !== "";
  const layers = [
    ...landLayers(look, overlay.under), ...overlay.above,
    ...(ofActivities ? activityLayers() : []), ...pointLayers(look), ...labelLayers(look), ...(ofActivities ? numberLayers(look) : []),
  ];
  return {
    version: 8,
    transition: { duration: 0, delay: 0 }, // what takes another's place is there at once
    "font-faces": fontFaces(look.origin),
    sources: {
      tiles: {
        ...vector(look.tiles), promoteId: { territories: "id", regions: "id", areas: "id" },
      },
      ...(ofActivities && { activities: vector(look.activities) }),
      ...overlay.sources,
      ...(point && { point: { type: "geojson", data: { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: point } } } }),
    },
    layers: layers.map((layer) => switched(layer, look)),
  };
}
