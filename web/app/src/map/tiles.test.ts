import { expect, test } from "vitest";
import { readBounds, readPoint, tileAddress } from "./tiles.ts";

test("the tiles' address carries the filter", () => {
  expect(tileAddress("https://h", ["territories", "regions"], "")).toBe("https://h/tiles/territories,regions/{z}/{x}/{y}.mvt");
  expect(tileAddress("https://h", ["activities"], "theme=safer")).toBe("https://h/tiles/activities/{z}/{x}/{y}.mvt?theme=safer");
});

test.each([["0.1,52.3,1.8,53", [0.1, 52.3, 1.8, 53]], ["", null], [undefined, null], ["1,2,3", null], ["1,2,3,4,5", null], ["a,b,c,d", null]])(
  "bounds %j", (value, want) => expect(readBounds(value)).toEqual(want));

test.each([["1.25,52.5", [1.25, 52.5]], ["", null], [undefined, null], ["1", null], ["1,2,3", null], ["x,y", null]])(
  "point %j", (value, want) => expect(readPoint(value)).toEqual(want));
