import { describe, expect, test } from "vitest";
import { formQuery, readHash, viewOf, writeHash } from "./address.ts";

describe("the hash", () => {
  test("is read and written without loss", () => {
    const hash = "#map=8.2/53.5/-2.1&layers=regions";
    expect(writeHash(readHash(hash))).toBe(hash);
  });
  test.each([["", 0], ["#", 0], ["#main-content", 0], ["#=x&&a=", 1], ["#a=b=c", 1]])("reads %j", (hash, size) => {
    expect(readHash(hash).size).toBe(size);
  });
  test("leaves empty values out", () => {
    expect(writeHash(new Map([["map", "1/2/3"], ["layers", ""]]))).toBe("#map=1/2/3");
    expect(writeHash(new Map([["layers", ""]]))).toBe("");
  });
});

describe("a form's query", () => {
  test("is spelt as the server spells it", () => {
    expect(formQuery([["theme", "safer"], ["theme", "healthier"], ["region", ""], ["area", "E07:1"]])).toBe("?area=E07%3A1&theme=safer,healthier");
  });
  test("is empty for an empty form", () => expect(formQuery([["region", ""]])).toBe(""));
});

test("the view is the map unless the query says otherwise", () => {
  expect(viewOf("")).toBe("map");
  expect(viewOf("?view=table&sort=name")).toBe("table");
});
