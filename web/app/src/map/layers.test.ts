import { expect, test } from "vitest";
import { defaultLayers, readLayers, writeLayers } from "./layers.ts";

test("the default is left out of the address", () => {
  expect([...readLayers(undefined)]).toEqual(defaultLayers);
  expect(writeLayers(new Set(defaultLayers))).toBe("");
});

test.each(["regions", "activities,regions", "areas,towns", "none"])("%s comes back as it was", (value) => {
  expect(writeLayers(readLayers(value))).toBe(value);
});

test("unknown names are passed over", () => {
  expect([...readLayers("moons,regions,constructor")]).toEqual(["regions"]);
});
