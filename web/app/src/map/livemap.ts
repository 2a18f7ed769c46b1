import { Map as MapLibre, setWorkerUrl, type PointLike, type VectorTileSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "./map.scss";
import { formQuery, readHash, writeHash } from "../address.ts";
import { showStill } from "../stillmap.ts";
import { Changes, type Box } from "./changes.ts";
import { colours } from "./colours.ts";
import { makeControls } from "./controls.ts";
import { readSteps, shadeBy, type Step } from "./key.ts";
import { layerNames, readLayers, writeLayers, type LayerName } from "./layers.ts";
import { read } from "./pick.ts";
import { figuresFromTable, Reader } from "./reader.ts";
import { circlesOverShading, drawnBy, shadingUntil, styleOf, townDot, type Look } from "./style.ts";
import { makeSwitches } from "./switches.ts";
import { drawTownDot } from "./towndot.ts";
import { readBounds, readPoint, tileAddress } from "./tiles.ts";

setWorkerUrl(workerUrl);

/** The box that holds the whole United Kingdom. */
const wholeUK: [number, number, number, number] = [-8.3, 49.8, 1.9, 60.9];

/** How long the first picture may take before the still map comes back. */
const patience = 20_000;

/** Half the side, in pixels, of the square in which a pick finds an activity. */
const reach = 8;

/** The live map of a page. It reads all it needs from the page. */
export class LiveMap {
  readonly #root: HTMLElement;
  readonly #map: MapLibre;
  readonly #reader = new Reader();
  readonly #explores: boolean; // the map of the first page, with filters and layers
  #shown: Set<LayerName>;
  #bounds: string; // the box the filter asks for, as last seen

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#explores = root.dataset["focus"] === "";
    this.#shown = this.#explores ? readLayers(readHash(location.hash).get("layers")) : new Set(["activities", "territories", "areas", "towns"]);
    this.#bounds = root.dataset["bounds"] ?? "";
    const frame = document.createElement("div");
    frame.className = "app-map__live";
    root.append(frame);
    root.classList.add("app-map--live");
    this.#map = this.#makeMap(frame);
    this.#arrange(frame);
    this.#listen(frame);
  }

  /** Takes over the filter and the key that the page now shows. */
  refresh(): void {
    const source = this.#map.getSource<VectorTileSource>("tiles");
    source?.setTiles([this.#tiles()]);
    this.#map.setPaintProperty("shading", "fill-color", shadeBy(this.#steps(), colours.land));
    this.#showKey();
    this.#reader.clear();
    this.#outline("", "");
    const bounds = this.#root.dataset["bounds"] ?? "";
    if (bounds !== this.#bounds) this.#goHome();
    this.#bounds = bounds;
  }

  #layers(): string[] {
    return ["regions", "territories", "areas", "towns", ...(this.#root.dataset["level"] ? [] : ["activities"])];
  }

  #tiles(): string {
    return tileAddress(location.origin, this.#layers(), this.#root.dataset["tiles"] ?? "");
  }

  /** Fetches tiles again that have changed; the server says quickly of the others that they have not. */
  #follow(): void {
    const changes = new Changes({
      layers: () => this.#layers(),
      view: () => this.#map.getBounds().toArray().flat() as unknown as Box,
      repaint: () => this.#map.refreshTiles("tiles"),
    });
    this.#map.on("moveend", () => changes.moved());
  }

  #steps(): Step[] {
    const key = document.getElementById("map-key");
    return key ? readSteps(key) : [];
  }

  #makeMap(frame: HTMLElement): MapLibre {
    const data = this.#root.dataset;
    const look: Look = {
      tiles: this.#tiles(), origin: location.origin, steps: this.#steps(),
      focus: data["focus"] ?? "", point: readPoint(data["point"]), level: data["level"] ?? "",
    };
    const point = look.point;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    return new MapLibre({
      container: frame, style: styleOf(look),
      ...(point ? { center: point, zoom: look.level === "cell" ? 11 : 11.5 } : { bounds: this.#home(), fitBoundsOptions: { padding: this.#padding() } }),
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
    return { top: 18, right: 18, bottom: 18, left: keyLiesOnMap ? 250 : 18 };
  }

  /** Puts the cross, the buttons, the reading box and the switches in place. */
  #arrange(frame: HTMLElement): void {
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    const cross = document.createElement("div");
    cross.className = "app-map__cross";
    frame.append(cross, makeControls(this.#map, () => this.#goHome()));
    this.#root.after(this.#reader.box);
    if (!this.#explores) return;
    this.#root.parentElement?.append(makeSwitches(this.#shown, () => this.#showLayers()));
    this.#showKey();
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
      this.#applyLayers();
      this.#follow();
    });
    map.on("zoomend", () => this.#showKey());
    const giveUp = (reason: string) => {
      frame.remove();
      this.#reader.box.remove();
      document.querySelector(".app-switches")?.remove();
      showStill(this.#root, reason);
    };
    const timer = setTimeout(() => giveUp("The live map took too long, so here is a still one. The table has the same figures."), patience);
    map.once("idle", () => {
      clearTimeout(timer);
      document.documentElement.dataset["map"] = "ready";
      const still = this.#root.querySelector<HTMLElement>(".app-map__still");
      if (still) still.hidden = true;
    });
    map.on("error", ({ error }) => {
      console.error(error);
      if (!/worker/i.test(error.message)) return;
      clearTimeout(timer);
      giveUp("The live map could not start, so here is a still one. The table has the same figures.");
    });
    map.on("webglcontextlost", () => giveUp("The live map has stopped. Reload the page to start it again."));
    map.on("click", ({ point }) => this.#pick([point.x, point.y]));
    map.on("mousemove", ({ point }) => {
      const over = map.queryRenderedFeatures(point, { layers: this.#drawn(drawnBy.activities) }).length > 0;
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
    return ids.filter((id) => this.#map.getLayer(id) !== undefined);
  }

  #pick([x, y]: [number, number]): void {
    const square: [PointLike, PointLike] = [[x - reach, y - reach], [x + reach, y + reach]];
    const near = this.#map.queryRenderedFeatures(square, { layers: this.#drawn(["activities-many", "activities-one", "activities-soft"]) });
    const under = this.#map.queryRenderedFeatures([x, y], { layers: this.#drawn(["land", "areas-land", "regions-line"]) });
    const drawn = [...near, ...under].map((f) => ({ layer: f.sourceLayer ?? "", properties: f.properties }));
    const reading = read(drawn, figuresFromTable, (code) => this.#areaLink(code));
    if (reading) this.#reader.say(reading);
    else this.#reader.nothing();
    this.#outline(reading?.territory ?? "", reading?.region ?? "");
  }

  /** The address of the map of one area, under the same filter otherwise. */
  #areaLink(code: string): string {
    const query = new URLSearchParams(this.#explores ? location.search : "");
    query.set("area", code);
    return `/${formQuery(query)}`;
  }

  #outline(territory: string, region: string): void {
    this.#map.setFilter("territories-picked", ["==", ["get", "id"], territory]);
    this.#map.setFilter("regions-picked", ["==", ["get", "id"], region]);
  }

  /** Shows the layers that are switched on. */
  #applyLayers(): void {
    for (const name of layerNames) {
      for (const id of this.#drawn(drawnBy[name])) {
        this.#map.setLayoutProperty(id, "visibility", this.#shown.has(name) ? "visible" : "none");
      }
    }
    const from = this.#shown.has("shading") ? circlesOverShading : 0;
    for (const id of this.#drawn(drawnBy.activities)) {
      if (id !== "activity-cells") this.#map.setLayerZoomRange(id, from, 24);
    }
  }

  /** Shows the layers as just switched and writes them to the address. */
  #showLayers(): void {
    this.#applyLayers();
    const hash = readHash(location.hash);
    hash.set("layers", writeLayers(this.#shown));
    history.replaceState(history.state, "", location.pathname + location.search + writeHash(hash));
    this.#showKey();
  }

  /** Shows the parts of the key for the layers that are on. */
  #showKey(): void {
    if (!this.#explores) return;
    const zoom = this.#map.getZoom();
    for (const group of document.querySelectorAll<HTMLElement>("[data-key]")) {
      const name = group.dataset["key"] as LayerName;
      group.hidden = !this.#shown.has(name) || (name === "shading" && zoom >= shadingUntil);
    }
    const covered = this.#shown.has("shading") && zoom < circlesOverShading;
    for (const hint of document.querySelectorAll<HTMLElement>("[data-key-when]")) {
      hint.hidden = (hint.dataset["keyWhen"] === "far") !== covered;
    }
  }
}
