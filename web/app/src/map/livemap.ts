import { Map as MapLibre, setWorkerUrl, type PointLike, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "./map.scss";
import { formQuery, readHash, writeHash } from "../address.ts";
import { showStill } from "../stillmap.ts";
import { Changes, type Box } from "./changes.ts";
import { makeControls } from "./controls.ts";
import { drawArrowHead, drawTownDot } from "./images.ts";
import { readKey } from "./key.ts";
import { readLayers, writeLayers, type LayerName } from "./layers.ts";
import { arrowHead, shadingUntil } from "./overlay.ts";
import { read, type Drawn } from "./pick.ts";
import { Reader } from "./reader.ts";
import { circlesOverShading, styleOf, townDot, type Look } from "./style.ts";
import { named, Swap } from "./swap.ts";
import { makeSwitches } from "./switches.ts";
import { readTable } from "./table.ts";
import { boundaries, readBounds, readPoint, tileAddress } from "./tiles.ts";

setWorkerUrl(workerUrl);

/** The box that holds the whole United Kingdom. */
const wholeUK: [number, number, number, number] = [-8.3, 49.88, 1.9, 60.86];

/** How long the first picture may take before the still map comes back. */
const patience = 20_000;

/** Half the side, in pixels, of the square in which a pick finds an activity or an arrow. */
const reach = 8;

/** Marks the moment, in place of the last one of that name. */
function mark(name: string): void {
  performance.clearMarks(name);
  performance.mark(name);
}

/** What is picked from within reach, and what only from right under the point. */
const nearby = ["flows", "flows-within", "activities-many", "activities-one", "activities-soft"];
const beneath = ["heat", "heat-withheld", "places", "land", "areas-land", "regions-line"];

/** The live map of a page. It reads all it needs from the page. */
export class LiveMap {
  readonly #root: HTMLElement;
  readonly #map: MapLibre;
  readonly #swap: Swap;
  readonly #reader = new Reader();
  readonly #explores: boolean; // the map of the first page, with filters and layers
  readonly #on: Set<LayerName>;
  #switches: HTMLElement | undefined;
  #bounds: string; // the box the filter asks for, as last seen
  #layer: string;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#explores = (root.dataset["layer"] ?? "") !== "";
    this.#on = this.#explores ? readLayers(readHash(location.hash).get("layers")) : new Set(["activities", "shading", "territories", "areas", "towns"]);
    this.#bounds = root.dataset["bounds"] ?? "";
    this.#layer = root.dataset["layer"] ?? "";
    const frame = document.createElement("div");
    frame.className = "app-map__live";
    root.append(frame);
    root.classList.add("app-map--live");
    this.#busy();
    const style = styleOf(this.#look());
    this.#map = this.#makeMap(frame, named({ style, turn: 0 }));
    this.#swap = new Swap(this.#map, style);
    this.#arrange(frame);
    this.#listen(frame);
  }

  /** Takes over what the page now shows. What was read out stays if only figures have changed. */
  refresh(figuresOnly = false): void {
    this.#restyle();
    this.#showKey();
    if (figuresOnly) return;
    this.#reader.clear();
    this.#placeSwitches();
    const { bounds = "", layer = "" } = this.#root.dataset;
    // Another layer is looked at from where the reader is.
    if (bounds !== this.#bounds && layer === this.#layer) this.#goHome();
    this.#bounds = bounds;
    this.#layer = layer;
  }

  /** The map as a picture, drawn anew in the same task: its canvas keeps nothing. */
  picture(): HTMLCanvasElement {
    this.#map.redraw();
    return this.#map.getCanvas();
  }

  #look(): Look {
    const data = this.#root.dataset;
    const path = data["over"] ?? "";
    return {
      tiles: tileAddress(location.origin, boundaries, ""), origin: location.origin,
      activities: this.#ofActivities() ? tileAddress(location.origin, ["activities"], data["tiles"] ?? "") : "",
      focus: data["focus"] ?? "", point: readPoint(data["point"]), level: data["level"] ?? "", on: this.#on,
      shown: {
        layer: data["layer"] ?? "", metric: data["metric"] ?? "", over: path && location.origin + path,
        key: readKey(document.getElementById("map-key")), rows: readTable(document),
      },
    };
  }

  /** Draws what is to be shown; tiles that stay are not fetched again, and what goes stays until then. */
  #restyle(): void {
    this.#busy();
    this.#swap.show(styleOf(this.#look()));
    this.#map.triggerRepaint(); // what is idle already would not say so again
  }

  /** Tells the page, and whoever measures, that the map is at work. */
  #busy(): void {
    document.documentElement.dataset["mapBusy"] = "";
    mark("map-asked");
  }

  #rests(): void {
    if (this.#swap.waits) return;
    delete document.documentElement.dataset["mapBusy"];
    mark("map-idle");
  }

  #ofActivities(): boolean {
    const { layer = "", level = "" } = this.#root.dataset;
    return (layer || "activities") === "activities" && !level;
  }

  /** The layers whose changes are to be heard of: figures by place go with cells. */
  #heard(): string[] {
    const layer = this.#root.dataset["layer"] || "activities";
    return [...boundaries, ...(this.#ofActivities() ? ["activities"] : []), ["territories", "areas", "target_areas"].includes(layer) ? "heat" : layer];
  }

  /** Fetches tiles again that have changed; the server says quickly of the others that they have not. */
  #follow(): void {
    const changes = new Changes({
      layers: () => this.#heard(),
      view: () => this.#map.getBounds().toArray().flat() as unknown as Box,
      repaint: () => {
        for (const name of ["tiles", "over", "activities"].map((source) => this.#swap.drawn(source))) if (this.#map.getSource(name)) this.#map.refreshTiles(name);
        document.dispatchEvent(new Event("tributary:stale"));
      },
    });
    this.#map.on("moveend", () => changes.moved());
  }

  #makeMap(frame: HTMLElement, style: StyleSpecification): MapLibre {
    const look = this.#look();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    return new MapLibre({
      container: frame, style,
      ...(look.point ? { center: look.point, zoom: look.level === "cell" ? 11 : 11.5 } : { bounds: this.#home(), fitBoundsOptions: { padding: this.#padding() } }),
      hash: this.#explores ? "map" : false,
      attributionControl: false,
      maxBounds: [-26, 46, 20, 64], maxZoom: 17,
      dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0,
      fadeDuration: calm ? 0 : 150,
      cooperativeGestures: matchMedia("(max-width: 48em), (pointer: coarse)").matches,
      locale: { "Map.Title": "Map. Arrow keys move it, plus and minus zoom, Enter reads what is under the cross." },
    });
  }

  #home(): [number, number, number, number] {
    return readBounds(this.#root.dataset["bounds"]) ?? wholeUK;
  }

  /** Room around the home box; on the left for the key where it lies on the map. */
  #padding(): { top: number; right: number; bottom: number; left: number } {
    const keyLiesOnMap = this.#explores && matchMedia("(min-width: 48.0625em)").matches;
    return { top: 8, right: 18, bottom: 8, left: keyLiesOnMap ? 260 : 18 };
  }

  /** Puts the cross, the buttons, the reading box and the switches in place. */
  #arrange(frame: HTMLElement): void {
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    const cross = document.createElement("div");
    cross.className = "app-map__cross";
    frame.append(cross, makeControls(this.#map, () => this.#goHome()));
    this.#root.after(this.#reader.box);
    this.#placeSwitches();
    this.#showKey();
  }

  /** Puts the switches of what can be shown under the map. */
  #placeSwitches(): void {
    if (!this.#explores) return;
    const held = document.activeElement?.id ?? "";
    const made = makeSwitches(this.#on, this.#root.dataset["layer"] === "activities", () => this.#showLayers());
    if (this.#switches) this.#switches.replaceWith(made);
    else this.#root.parentElement?.append(made);
    this.#switches = made;
    if (held.startsWith("layer-")) document.getElementById(held)?.focus();
  }

  #goHome(): void {
    const point = readPoint(this.#root.dataset["point"]);
    if (point) this.#map.easeTo({ center: point, zoom: 11.5 });
    else this.#map.fitBounds(this.#home(), { padding: this.#padding() });
  }

  #listen(frame: HTMLElement): void {
    const map = this.#map;
    map.once("styledata", () => {
      map.addImage(townDot, drawTownDot(), { pixelRatio: 2 });
      map.addImage(arrowHead, drawArrowHead([138, 47, 92]), { pixelRatio: 2 });
      this.#follow();
    });
    map.on("zoomend", () => this.#showKey());
    const giveUp = (reason: string) => {
      frame.remove();
      this.#reader.box.remove();
      this.#switches?.remove();
      showStill(this.#root, reason);
    };
    const timer = setTimeout(() => giveUp("The live map took too long, so here is a still one. The table has the same figures."), patience);
    map.once("idle", () => {
      clearTimeout(timer);
      document.documentElement.dataset["map"] = "ready";
      const still = this.#root.querySelector<HTMLElement>(".app-map__still");
      if (still) still.hidden = true;
    });
    map.on("idle", () => this.#rests());
    map.on("error", ({ error }) => {
      console.error(error);
      if (!/worker/i.test(error.message)) return;
      clearTimeout(timer);
      giveUp("The live map could not start, so here is a still one. The table has the same figures.");
    });
    // On paper a canvas of WebGL is blank: a picture of it stands in.
    window.addEventListener("beforeprint", () => {
      if (!frame.isConnected) return;
      const paper = this.#root.querySelector<HTMLImageElement>(".app-map__paper") ?? document.createElement("img");
      paper.className = "app-map__paper";
      paper.alt = "The map as it was shown";
      paper.src = this.picture().toDataURL();
      this.#root.append(paper);
    });
    map.on("webglcontextlost", () => giveUp("The live map has stopped. Reload the page to start it again."));
    map.on("click", ({ point }) => this.#pick([point.x, point.y]));
    map.on("mousemove", ({ point }) => {
      const over = map.queryRenderedFeatures(point, { layers: this.#drawn(nearby) }).length > 0;
      map.getCanvas().classList.toggle("app-map__canvas--over", over);
    });
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const { clientWidth, clientHeight } = map.getCanvas();
      this.#pick([clientWidth / 2, clientHeight / 2]);
    });
  }

  #drawn(ids: readonly string[]): string[] {
    return ids.map((id) => this.#swap.drawn(id)).filter((id) => this.#map.getLayer(id) !== undefined);
  }

  #pick([x, y]: [number, number]): void {
    const square: [PointLike, PointLike] = [[x - reach, y - reach], [x + reach, y + reach]];
    const near = this.#map.queryRenderedFeatures(square, { layers: this.#drawn(nearby) });
    const under = this.#map.queryRenderedFeatures([x, y], { layers: this.#drawn(beneath) });
    const drawn = [...near, ...under].map((f): Drawn => ({ layer: f.source === "arrows" ? "flows" : (f.sourceLayer ?? ""), properties: f.properties }));
    const rows = readTable(document);
    const reading = read(drawn, {
      rowOf: (id) => (this.#explores ? rows.get(id) : undefined),
      areaLink: (code) => this.#link("/", "area", code),
      contributionsIn: (territory) => this.#link("/contributions", "territory", territory),
    });
    if (reading) this.#reader.say(reading);
    else this.#reader.nothing();
    for (const [layer, id] of [["territories", reading?.territory], ["regions", reading?.region], ["areas", reading?.area]] as const) {
      this.#map.setFilter(`${layer}-picked`, ["==", ["get", "id"], id ?? ""]);
    }
  }

  /** The address of a page for one place, under the same filter otherwise. */
  #link(path: string, param: string, code: string): string {
    const query = new URLSearchParams(this.#explores ? location.search : "");
    if (path !== "/") for (const own of ["layer", "metric", "view", "sort", "steps"]) query.delete(own);
    query.set(param, code);
    return path + formQuery(query);
  }

  /** Shows the layers as just switched and writes them to the address. */
  #showLayers(): void {
    this.#restyle();
    const hash = readHash(location.hash);
    hash.set("layers", writeLayers(this.#on));
    history.replaceState(history.state, "", location.pathname + location.search + writeHash(hash));
    this.#showKey();
  }

  /** Shows the parts of the key for the layers that are on and for the zoom. */
  #showKey(): void {
    if (!this.#explores) return;
    const zoom = this.#map.getZoom();
    for (const group of document.querySelectorAll<HTMLElement>("[data-key]")) {
      const { key, minzoom, maxzoom } = group.dataset;
      const far = key === "shading" && zoom >= shadingUntil;
      const otherZoom = minzoom !== undefined && (Math.floor(zoom) < Number(minzoom) || Math.floor(Math.min(zoom, 14)) > Number(maxzoom));
      group.hidden = !this.#on.has(key === "activities" ? "activities" : "shading") || far || otherZoom;
    }
    const covered = this.#on.has("shading") && zoom < circlesOverShading;
    for (const hint of document.querySelectorAll<HTMLElement>("[data-key-when]")) {
      hint.hidden = (hint.dataset["keyWhen"] === "far") !== covered;
    }
  }
}
