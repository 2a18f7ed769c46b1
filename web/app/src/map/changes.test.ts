import { expect, test } from "vitest";
import { concerns, tilesOf, type Box } from "./changes.ts";

const norfolk: Box = [0.9, 52.4, 1.8, 52.9];

test("the tiles of a box", () => {
  expect(tilesOf([-180, -85, 179.9, 85], 0)).toEqual({ minX: 0, minY: 0, maxX: 0, maxY: 0 });
  expect(tilesOf(norfolk, 8)).toEqual({ minX: 128, minY: 83, maxX: 129, maxY: 84 });
});

test.each([
  [{ activities: ["8/128/83"] }, "view"],
  [{ activities: ["8/124/80", "8/129/84"] }, "view"],
  [{ activities: ["8/124/80"] }, "beyond"],
  [{ activities: [] }, "nothing"],
  [{ territories: null }, "view"],
  [{ heat: null, flows: ["8/128/83"] }, "nothing"],
  [{ activities: ["nonsense"] }, "nothing"],
  [{}, "nothing"],
] as const)("%o concerns the %s", (layers, want) => {
  expect(concerns({ layers }, ["territories", "activities"], norfolk)).toBe(want);
});
