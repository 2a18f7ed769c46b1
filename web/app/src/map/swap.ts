// Keeps what is drawn until what shall take its place has been loaded: colours
// never vanish in between.
import type { LayerSpecification, Map as MapLibre, StyleSpecification } from "maplibre-gl";

/** The sources whose tiles are of a filter; boundaries are the same under any. */
const renewed = ["over", "activities"];

/** How long what is old may stay while what is new does not come, milliseconds. */
const patience = 10_000;

/** A style, and the turn in which its filtered sources are shown. */
interface Turn {
  style: StyleSpecification;
  turn: number;
}

const isRenewed = (layer: LayerSpecification) => "source" in layer && renewed.includes(String(layer.source));

/** The name of a filtered source, or of a layer of one, in a turn. */
const inTurn = (name: string, turn: number) => `${name}@${turn}`;

/** The style with the names of a turn: two turns can stand side by side. */
export function named({ style, turn }: Turn): StyleSpecification {
  return {
    ...style,
    sources: Object.fromEntries(Object.entries(style.sources).map(([name, source]) => [renewed.includes(name) ? inTurn(name, turn) : name, source])),
    layers: style.layers.map((layer) => (isRenewed(layer) ? ({ ...layer, id: inTurn(layer.id, turn), source: inTurn(String((layer as { source: string }).source), turn) } as LayerSpecification) : layer)),
  };
}

/** The opacities of each kind of layer that is drawn from tiles. */
const opacities: Record<string, readonly string[]> = {
  fill: ["fill-opacity"], line: ["line-opacity"], circle: ["circle-opacity", "circle-stroke-opacity"], symbol: ["text-opacity", "icon-opacity"],
};

/** The layer as it loads: with its tiles, and not to be seen. */
function unseen(layer: LayerSpecification): LayerSpecification {
  const paint = Object.fromEntries((opacities[layer.type] ?? []).map((name) => [name, 0]));
  return { ...layer, paint: { ...layer.paint, ...paint } } as LayerSpecification;
}

/**
 * Both turns at once: the next as it will stand, unseen where it is filtered, and
 * what is shown and will go, each after the layer that it follows now. MapLibre
 * then has nothing to move, and so nothing to load again, when the old one goes.
 */
export function both(shown: Turn, next: Turn): StyleSpecification {
  const [now, then] = [named(shown), named(next)];
  const stays = new Set(then.layers.map((layer) => layer.id));
  const layers = then.layers.map((layer) => (layer.id.endsWith(inTurn("", next.turn)) ? unseen(layer) : layer));
  let after = -1;
  for (const layer of now.layers) {
    if (stays.has(layer.id)) after = layers.findIndex((other) => other.id === layer.id);
    else layers.splice(++after, 0, layer);
  }
  return { ...then, sources: { ...now.sources, ...then.sources }, layers };
}

/** What the filtered sources of a style ask for. */
const addresses = (style: StyleSpecification) => JSON.stringify(renewed.map((name) => style.sources[name] ?? null));

/** Whether a style has tiles of a filter that another has not. */
const asksForMore = (style: StyleSpecification, than: StyleSpecification) =>
  renewed.some((name) => style.sources[name] && JSON.stringify(style.sources[name]) !== JSON.stringify(than.sources[name]));

/** What a map shows, and what is to come after it. */
export class Swap {
  readonly #map: MapLibre;
  #shown: Turn;
  #next: Turn | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Of a map that was made with the first style, named. */
  constructor(map: MapLibre, first: StyleSpecification) {
    this.#map = map;
    this.#shown = { style: first, turn: 0 };
    const look = () => this.#look();
    map.on("sourcedata", look);
    map.on("idle", look);
  }

  /** Whether something is still to come. */
  get waits(): boolean {
    return this.#next !== null;
  }

  /** Shows a style, as soon as it has what it needs. */
  show(style: StyleSpecification): void {
    const last = this.#next ?? this.#shown;
    if (asksForMore(style, last.style)) {
      this.#next = { style, turn: last.turn + 1 };
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#finish(), patience);
    } else if (this.#next && addresses(style) === addresses(this.#next.style)) {
      this.#next.style = style;
    } else {
      this.#shown = { style, turn: last.turn };
      this.#next = null;
    }
    this.#map.setStyle(this.#next ? both(this.#shown, this.#next) : named(this.#shown));
  }

  /** The names of filtered layers and sources as they are drawn now; others keep theirs. */
  drawn(name: string): string {
    const now = inTurn(name, this.#shown.turn);
    return this.#map.getLayer(now) || this.#map.getSource(now) ? now : name;
  }

  #look(): void {
    if (!this.#next) return;
    const { style, turn } = this.#next;
    const loaded = renewed.every((name) => !style.sources[name] || (this.#map.getSource(inTurn(name, turn)) && this.#map.isSourceLoaded(inTurn(name, turn))));
    if (loaded) this.#finish();
  }

  #finish(): void {
    clearTimeout(this.#timer);
    if (!this.#next) return;
    this.#shown = this.#next;
    this.#next = null;
    this.#map.setStyle(named(this.#shown));
  }
}
