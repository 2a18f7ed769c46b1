// A map to draw on: a point, a polygon or a choice of districts. Pointer and
// keyboard do the same: a click, or Enter under the cross; Backspace, or a
// button, takes the last back.
import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "../map/map.scss";
import { makeControls } from "../map/controls.ts";
import { drawTownDot } from "../map/images.ts";
import { styleOf, townDot } from "../map/style.ts";
import { boundaries, readBounds, tileAddress } from "../map/tiles.ts";
import { makePen, type Pen } from "./pen.ts";
import type { Position } from "./shape.ts";

setWorkerUrl(workerUrl);

const wholeUK: [number, number, number, number] = [-8.3, 49.88, 1.9, 60.86];
const ink = "#8a2f5c";

let opened: DrawMap | null = null;

/** Opens the map of a place of a form; one that was open before closes. */
export function openDrawing(place: HTMLElement, button: HTMLButtonElement): void {
  const again = opened?.place === place;
  opened?.close();
  opened = again ? null : new DrawMap(place, button);
}

const feature = (geometry: GeoJSON.Geometry, is = ""): GeoJSON.Feature => ({ type: "Feature", properties: { is }, geometry });
const point = (at: Position, is: string) => feature({ type: "Point", coordinates: [...at] }, is);

class DrawMap {
  readonly place: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #frame = document.createElement("div");
  readonly #pen: Pen;
  readonly #map: MapLibre;
  readonly #words: HTMLElement;
  readonly #under = document.createElement("p");

  constructor(place: HTMLElement, button: HTMLButtonElement) {
    this.place = place;
    this.#button = button;
    this.#words = place.querySelector<HTMLElement>("[data-words]") ?? place;
    this.#pen = makePen(place, () => this.#draw());
    this.#frame.className = "app-map app-map--live app-draw__map";
    this.#words.before(this.#frame);
    button.setAttribute("aria-expanded", "true");
    this.#map = this.#makeMap();
    this.#frame.append(this.#cross(), makeControls(this.#map, () => this.#goHome()));
    this.#frame.after(this.#under, this.#buttons());
    this.#under.className = "govuk-body-s app-draw__under";
    this.#listen();
    this.#say(this.#pen.hint);
  }

  close(): void {
    this.#map.remove();
    this.#pen.leave();
    this.#frame.remove();
    this.#under.remove();
    this.place.querySelector(".app-draw__buttons")?.remove();
    this.#say("");
    this.#button.setAttribute("aria-expanded", "false");
    delete this.place.dataset["map"];
  }

  #makeMap(): MapLibre {
    const look = { tiles: tileAddress(location.origin, boundaries, ""), activities: "", origin: location.origin, focus: "", point: null, level: "", on: new Set(["territories", "areas", "towns"] as const), shown: { layer: "none", metric: "", over: "", key: [], rows: new Map() } };
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    return new MapLibre({
      container: this.#frame, style: styleOf(look) as StyleSpecification, bounds: this.#home(), fitBoundsOptions: { padding: 30, maxZoom: 15 },
      attributionControl: false, maxBounds: [-26, 46, 20, 64], maxZoom: 19, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0,
      fadeDuration: calm ? 0 : 150, doubleClickZoom: false,
      cooperativeGestures: matchMedia("(max-width: 48em), (pointer: coarse)").matches,
      locale: { "Map.Title": `Map to draw on. Arrow keys move it, plus and minus zoom. ${this.#pen.keys}` },
    });
  }

  /** What is there already, else where the form says that it may be. */
  #home(): [number, number, number, number] {
    const at = this.#pen.rings().flat();
    const [first] = at;
    if (!first) return readBounds(this.place.dataset["bounds"]) ?? wholeUK;
    const room = at.length > 1 ? 0 : 0.01;
    const [lons, lats] = [at.map(([lon]) => lon), at.map(([, lat]) => lat)];
    return [Math.min(...lons) - room, Math.min(...lats) - room, Math.max(...lons) + room, Math.max(...lats) + room];
  }

  #goHome(): void {
    this.#map.fitBounds(this.#home(), { padding: 30, maxZoom: 15 });
  }

  #cross(): HTMLElement {
    const cross = document.createElement("div");
    cross.className = "app-map__cross app-draw__cross";
    return cross;
  }

  #buttons(): HTMLElement {
    const row = document.createElement("div");
    row.className = "govuk-button-group app-draw__buttons";
    for (const [label, press] of [[this.#pen.verb, () => this.#put(this.#centre())], ...this.#pen.buttons] as const) {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "govuk-button govuk-button--secondary";
      made.textContent = label;
      made.addEventListener("click", () => this.#say(press()));
      row.append(made);
    }
    return row;
  }

  #centre(): Position {
    const { lng, lat } = this.#map.getCenter();
    return [lng, lat];
  }

  #put(at: Position): string {
    return this.#pen.put(at, () => {
      const [found] = this.#map.queryRenderedFeatures(this.#map.project([at[0], at[1]]), { layers: ["areas-land"] });
      return found ? { code: String(found.properties["id"]), name: String(found.properties["name"]) } : null;
    });
  }

  #say(words: string): void {
    if (this.#words !== this.place) this.#words.textContent = words;
  }

  #listen(): void {
    const map = this.#map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.once("styledata", () => {
      map.addImage(townDot, drawTownDot(), { pixelRatio: 2 });
      map.addSource("drawn", { type: "geojson", data: this.#features() });
      map.addLayer({ id: "drawn-fill", type: "fill", source: "drawn", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": ink, "fill-opacity": 0.18 } });
      map.addLayer({ id: "drawn-line", type: "line", source: "drawn", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": ink, "line-width": 3 } });
      map.addLayer({ id: "drawn-other", type: "circle", source: "drawn", filter: ["==", ["get", "is"], "other"], paint: { "circle-radius": 7, "circle-color": "#505a5f", "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
      map.addLayer({ id: "drawn-corner", type: "circle", source: "drawn", filter: ["==", ["get", "is"], "corner"], paint: { "circle-radius": 6, "circle-color": "#fff", "circle-stroke-color": ink, "circle-stroke-width": 3 } });
      this.#draw();
    });
    map.once("idle", () => (this.place.dataset["map"] = "ready"));
    map.on("move", () => this.#tellCross());
    map.on("click", ({ lngLat }) => this.#say(this.#put([lngLat.lng, lngLat.lat])));
    map.on("error", ({ error }) => console.error(error));
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#say(this.#put(this.#centre()));
      else if (event.key === "Backspace" || event.key === "Delete") this.#say(this.#pen.back());
      else return;
      event.preventDefault();
    });
    this.#tellCross();
  }

  #tellCross(): void {
    const [lon, lat] = this.#centre();
    this.#under.textContent = `Under the cross: ${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  }

  #draw(): void {
    this.#map.getSource<GeoJSONSource>("drawn")?.setData(this.#features());
    if (this.#map.getLayer("areas-picked")) this.#map.setFilter("areas-picked", ["in", ["get", "id"], ["literal", [...this.#pen.codes()]]]);
  }

  #features(): GeoJSON.FeatureCollection {
    const features: GeoJSON.Feature[] = this.#pen.others().map((at) => point(at, "other"));
    for (const ring of this.#pen.rings()) {
      const line = ring.map((at) => [...at]);
      const [first] = line;
      if (first && line.length > 2) features.push(feature({ type: "Polygon", coordinates: [[...line, first]] }));
      else if (line.length === 2) features.push(feature({ type: "LineString", coordinates: line }));
      features.push(...ring.map((at) => point(at, "corner")));
    }
    return { type: "FeatureCollection", features };
  }
}
