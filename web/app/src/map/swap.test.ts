import { diff, validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import type { StyleSpecification } from "maplibre-gl";
import { describe, expect, test } from "vitest";
import { defaultLayers } from "./layers.ts";
import { styleOf } from "./style.ts";
import { both, named } from "./swap.ts";

const of = (layer: string, query = ""): StyleSpecification =>
  styleOf({
    tiles: "https://h/tiles/t/{z}/{x}/{y}.mvt", activities: layer === "activities" ? `https://h/tiles/a/{z}/{x}/{y}.mvt?${query}` : "",
    origin: "https://h", focus: "", point: null, level: "", on: new Set(defaultLayers),
    shown: { layer, metric: "pence", over: ["heat", "gaps", "target_areas"].includes(layer) ? `https://h/tiles/${layer}/{z}/{x}/{y}.mvt?${query}` : "", key: [], rows: new Map() },
  });

const changes = [["heat", "heat"], ["activities", "activities"], ["gaps", "gaps"], ["territories", "heat"], ["flows", "activities"], ["areas", "target_areas"], ["activities", "heat"], ["gaps", "activities"]] as const;

describe.each(changes)("from %s to %s", (from, to) => {
  const shown = { style: of(from, "theme=safer"), turn: 9 };
  const next = { style: of(to, "theme=healthier"), turn: 10 };
  const between = both(shown, next);

  test("in between, the style is valid and all that was shown stays as it was", () => {
    expect(validateStyleMin(between).map((fault) => fault.message)).toEqual([]);
    const now = named(shown);
    const own = now.layers.filter((layer) => !named(next).layers.some(({ id }) => id === layer.id));
    const ids = new Set(own.map(({ id }) => id));
    expect(between.layers.filter(({ id }) => ids.has(id))).toEqual(own);
    for (const [name, source] of Object.entries(now.sources)) expect(between.sources[name]).toEqual(source);
  });

  test("what is to come is loaded and not seen", () => {
    const coming = between.layers.filter(({ id }) => id.endsWith("@10"));
    expect(coming.length).toBeGreaterThan(0);
    for (const layer of coming) {
      expect(layer.layout?.visibility ?? "visible").toBe("visible");
      expect(Object.entries(layer.paint ?? {}).filter(([name, value]) => name.endsWith("opacity") && value !== 0)).toEqual([]);
    }
  });

  test("in the end nothing that was loaded is removed or moved", () => {
    const steps = diff(between, named(next));
    const kinds = new Set(steps.map(({ command }) => command));
    expect([...kinds].filter((command) => !["removeLayer", "removeSource", "setPaintProperty", "setLayoutProperty"].includes(command))).toEqual([]);
    expect(steps.filter(({ command, args }) => command.startsWith("remove") && String(args[0]).endsWith("@10"))).toEqual([]);
  });
});

test("names of filtered sources and their layers go by the turn, others do not", () => {
  const { sources, layers } = named({ style: of("heat"), turn: 3 });
  expect(Object.keys(sources)).toEqual(["tiles", "over@3"]);
  expect(layers.map(({ id }) => id).filter((id) => id.includes("@"))).toEqual(["heat-withheld@3", "heat@3", "heat-line@3"]);
});
