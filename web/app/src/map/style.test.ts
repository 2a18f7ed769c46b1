import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, test } from "vitest";
import { curve } from "./arrows.ts";
import { colourBy, colourCells, colourOf, colourPlaces, type KeyGroup, type Step } from "./key.ts";
import { defaultLayers } from "./layers.ts";
import { drawnBy, styleOf, type Look } from "./style.ts";
import type { Row } from "./table.ts";

const step = (from: number, colour: string, state = ""): Step => ({ from, colour, state });
const key: KeyGroup[] = [
  { name: "heat", res: "4", steps: [step(0, "#aaa"), step(100, "#bbb")] },
  { name: "heat", res: "5", steps: [step(5, "#ccc")] },
  { name: "places", res: "", steps: [step(-1, "#fff"), step(10, "#111"), step(20, "#222")] },
  { name: "shading", res: "", steps: [step(0, "#fff"), step(1, "#888")] },
  { name: "gaps", res: "", steps: [step(0, "#f00", "no_activity"), step(0, "#0f0", "balanced")] },
];
const row = (id: string, value: number | null, from: Row["from"] = null, to: Row["to"] = null): Row => ({ id, name: id, nameCy: "", url: "", value, state: "", from, to, figures: [] });
const rows = new Map([row("norfolk", 12), row("kent", null), row("a/b", 5, [1, 52], [0, 51]), row("a/a", 9, [1, 52], [1, 52])].map((r) => [r.id, r]));

const look: Look = {
  tiles: "https://h/tiles/t/{z}/{x}/{y}.mvt", activities: "https://h/tiles/a/{z}/{x}/{y}.mvt", origin: "https://h", focus: "", point: null, level: "", on: new Set(defaultLayers),
  shown: { layer: "activities", metric: "pence", over: "", key, rows },
};
const of = (layer: string, over = "https://h/tiles/o/{z}/{x}/{y}.mvt"): Look => ({ ...look, activities: ["", "activities"].includes(layer) ? look.activities : "", shown: { ...look.shown, layer, over } });

describe("the style", () => {
  test.each([
    ["activities", look], ["heat", of("heat")], ["territories", of("territories", "")], ["areas", of("areas", "")], ["target areas", of("target_areas")],
    ["gaps", of("gaps")], ["gaps of no territory", of("gaps", "")], ["flows", of("flows", "")], ["another layer", of("constructor")],
    ["no key", { ...of("heat"), shown: { ...of("heat").shown, key: [] } }],
    ["everything switched off", { ...of("heat"), on: new Set<never>() }],
    ["place", { ...of(""), focus: "norfolk" }],
    ["exact activity", { ...of(""), focus: "norfolk", point: [1, 52] as [number, number], level: "exact" }],
    ["cell activity", { ...of(""), focus: "norfolk", point: [1, 52] as [number, number], level: "cell" }],
  ] as [string, Look][])("of %s is valid", (_, given) => {
    expect(validateStyleMin(styleOf(given)).map((f) => f.message)).toEqual([]);
  });

  test("has the layers that switches drive, in some layer or other", () => {
    const ids = new Set(["activities", "heat", "flows", "areas"].flatMap((layer) => styleOf(of(layer)).layers.map((l) => l.id)));
    expect(Object.values(drawnBy).flat().filter((id) => !ids.has(id))).toEqual([]);
  });

  test("hides what is switched off", () => {
    const heat = styleOf({ ...of("heat"), on: new Set(["towns"]) }).layers;
    expect(heat.find((l) => l.id === "heat")?.layout).toEqual({ visibility: "none" });
    expect(heat.find((l) => l.id === "towns")?.layout).toMatchObject({ visibility: "visible" });
  });

  test("needs no other host", () => {
    for (const layer of ["activities", "heat", "areas", "flows"]) expect(JSON.stringify(styleOf(of(layer))).match(/https?:\/\/(?!h\/)[^"]*/g)).toBeNull();
  });
});

describe("colours", () => {
  test("one step is one colour, and no step the land's", () => {
    expect(colourBy(["get", "n"], [step(0, "#fff")], "#eee")).toBe("#fff");
    expect(colourBy(["get", "n"], [], "#eee")).toBe("#eee");
  });
  test("cells go by the classes of their resolution", () => {
    expect(JSON.stringify(colourCells("count", key, "#eee"))).toBe('["match",["slice",["get","id"],1,2],"4",["step",["to-number",["get","count"],0],"#aaa",100,"#bbb"],"5","#ccc","#eee"]');
  });
  test("places go by their rows, those of one colour together", () => {
    expect(colourPlaces(new Map([["a", "#1"], ["b", "#2"], ["c", "#1"]]), "#0")).toEqual(["match", ["get", "id"], ["a", "c"], "#1", ["b"], "#2", "#0"]);
    expect(colourPlaces(new Map(), "#0")).toBe("#0");
  });
  test.each([[0, "#fff"], [10, "#111"], [19.9, "#111"], [2000, "#222"]])("%d is %s", (value, want) => expect(colourOf(value, key[2]?.steps ?? [], "#eee")).toBe(want));
});

describe("an arrow", () => {
  test("ends where it should, and the way back is another", () => {
    const { line, turn } = curve([0, 51], [2, 51]);
    expect(line[0]?.map((v) => Math.round(v * 1e9) / 1e9)).toEqual([0, 51]);
    expect(line.at(-1)?.map((v) => Math.round(v * 1e9) / 1e9)).toEqual([2, 51]);
    expect(line[16]?.[1]).toBeGreaterThan(51); // to the left, which is north on the way east
    expect(curve([2, 51], [0, 51]).line[16]?.[1]).toBeLessThan(51);
    expect(turn).toBeGreaterThan(0); // it comes down from the north
  });
});
