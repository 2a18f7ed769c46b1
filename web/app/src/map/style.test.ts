import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { expect, test } from "vitest";
import { shadeBy } from "./key.ts";
import { drawnBy, styleOf, type Look } from "./style.ts";

const look: Look = { tiles: "https://h/tiles/t/{z}/{x}/{y}.mvt", origin: "https://h", steps: [{ from: 0, colour: "#fff" }, { from: 1, colour: "#888" }], focus: "", point: null, level: "" };

test.each([
  ["home", look],
  ["place", { ...look, focus: "norfolk" }],
  ["exact activity", { ...look, focus: "norfolk", point: [1, 52] as [number, number], level: "exact" }],
  ["cell activity", { ...look, focus: "norfolk", point: [1, 52] as [number, number], level: "cell" }],
  ["no steps", { ...look, steps: [] }],
])("the style of %s is valid", (_, given) => {
  const faults = validateStyleMin(styleOf(given)).map((f) => f.message);
  expect(faults).toEqual([]);
});

test("every switch drives layers that exist", () => {
  const ids = new Set(styleOf(look).layers.map((layer) => layer.id));
  expect(Object.values(drawnBy).flat().filter((id) => !ids.has(id))).toEqual([]);
});

test("labels need no other host", () => {
  expect(JSON.stringify(styleOf(look)).match(/https?:\/\/(?!h\/)[^"]*/g)).toBeNull();
});

test("one step is one colour", () => {
  expect(shadeBy([{ from: 0, colour: "#fff" }], "#eee")).toBe("#fff");
  expect(shadeBy([], "#eee")).toBe("#eee");
});
