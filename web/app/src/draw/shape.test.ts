import { expect, test } from "vitest";
import { crosses, hectares, polygonOf, readShape, rounded, toggled, type Position } from "./shape.ts";

const square: Position[] = [[1, 52], [1.01, 52], [1.01, 52.01], [1, 52.01]];

test("a polygon is written closed, and read back as the corners that were drawn", () => {
  expect(polygonOf(square.slice(0, 2))).toBe("");
  expect(JSON.parse(polygonOf(square)).coordinates[0]).toHaveLength(5);
  expect(readShape(polygonOf(square))?.corners).toEqual(square);
  expect(readShape("")).toEqual({ rings: [], corners: [] });
});

test("several rings are shown and cannot be drawn on; other texts are no shape", () => {
  const two = readShape(JSON.stringify({ type: "MultiPolygon", coordinates: [[[...square, square[0]]], [[...square, square[0]]]] }));
  expect(two?.rings).toHaveLength(2);
  expect(two?.corners).toBeNull();
  for (const text of ["52, 1", "{}", "null", '{"type":"Point","coordinates":[1,2]}', '{"type":"Polygon","coordinates":[[["a",1]]]}', '{"type":"Polygon","coordinates":7}']) {
    expect(readShape(text), text).toBeNull();
  }
});

test("an outline that crosses itself is told", () => {
  expect(crosses(square)).toBe(false);
  expect(crosses([square[0], square[2], square[1], square[3]] as Position[])).toBe(true);
  expect(crosses(square.slice(0, 3))).toBe(false);
});

test("the area is that of the ground: 0.01° by 0.01° at 52° north is about 76 ha", () => {
  expect(hectares(square)).toBeGreaterThan(75);
  expect(hectares(square)).toBeLessThan(77.5);
  expect(hectares([])).toBe(0);
});

test("positions are given to a metre, and a code is put in or taken out", () => {
  expect(rounded([1.2345678, 52.9999999])).toEqual([1.23457, 53]);
  expect(toggled("", "E07000148")).toBe("E07000148");
  expect(toggled("E07000148; E07000149", "E07000148")).toBe("E07000149");
  expect(toggled("E07000148;", "E07000149")).toBe("E07000148; E07000149");
});
