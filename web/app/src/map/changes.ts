// Hears of tiles that have changed, and says when those on the map are to be
// fetched again. A page is complete without it: when nothing is heard, the map
// shows what it has loaded.

/** What the server tells: the tiles of each layer, as "z/x/y"; null is all. */
export interface Change {
  layers: Record<string, readonly string[] | null>;
}

/** The box of a view: west, south, east, north in degrees. */
export type Box = readonly [number, number, number, number];

/** The columns and rows of tiles at a zoom that a box lies in. */
export function tilesOf([west, south, east, north]: Box, zoom: number): { minX: number; minY: number; maxX: number; maxY: number } {
  const side = 2 ** zoom;
  const column = (lon: number) => Math.floor(((lon + 180) / 360) * side);
  const row = (lat: number) => Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * side);
  return { minX: column(west), minY: row(north), maxX: column(east), maxY: row(south) };
}

/** Whether a change is of one of the layers, and in view, out of view or neither. */
export function concerns(change: Change, layers: readonly string[], view: Box): "view" | "beyond" | "nothing" {
  let found: "beyond" | "nothing" = "nothing";
  for (const layer of layers) {
    const tiles = change.layers[layer];
    if (tiles === undefined) continue;
    if (tiles === null) return "view";
    for (const tile of tiles) {
      const [z, x, y] = tile.split("/").map(Number);
      if (z === undefined || x === undefined || y === undefined) continue;
      const seen = tilesOf(view, z);
      if (x >= seen.minX && x <= seen.maxX && y >= seen.minY && y <= seen.maxY) return "view";
      found = "beyond";
    }
  }
  return found;
}

/** What the listener needs of a map. */
export interface Painted {
  layers: () => readonly string[];
  view: () => Box;
  repaint: () => void;
}

/** How long changes are gathered before the map is painted again. */
const gather = 1000;

/** Listens while the page can be seen, and has the map painted again. */
export class Changes {
  readonly #map: Painted;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #beyond = false; // something out of view is to be fetched again
  #missed = false; // nothing was heard for a while

  constructor(map: Painted) {
    this.#map = map;
    if (!("EventSource" in globalThis)) return;
    document.addEventListener("visibilitychange", () => this.#listen());
    this.#listen();
  }

  /** The map shows another part. */
  moved(): void {
    if (this.#beyond) this.#soon();
  }

  #listen(): void {
    if (document.hidden) {
      this.#source?.close();
      this.#source = undefined;
      this.#missed = true;
      return;
    }
    if (this.#source) return;
    if (this.#missed) this.#soon();
    this.#missed = false;
    const source = new EventSource("/api/v1/changes");
    this.#source = source;
    source.addEventListener("reload", () => this.#soon());
    source.addEventListener("change", (event: MessageEvent<string>) => {
      const concerned = concerns(JSON.parse(event.data) as Change, this.#map.layers(), this.#map.view());
      if (concerned === "view") this.#soon();
      else if (concerned === "beyond") this.#beyond = true;
    });
  }

  #soon(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#beyond = false;
      this.#map.repaint();
    }, gather);
  }
}
