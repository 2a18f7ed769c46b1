import { expect, test } from "vitest";
import { sharesOf } from "./shares.ts";

test("shares follow the weights that are typed", () => {
  expect(sharesOf("NR1 3JU = 2\nE07000149=1\n")).toEqual([{ place: "NR1 3JU", percent: 200 / 3 }, { place: "E07000149", percent: 100 / 3 }]);
  expect(sharesOf("Norwich")).toEqual([{ place: "Norwich", percent: 100 }]);
  expect(sharesOf("")).toEqual([]);
  for (const unfinished of ["a = ", "a = 0", "a = 1.5", "a = x", "a = 1\nb = -2"]) expect(sharesOf(unfinished), unfinished).toBeNull();
});
