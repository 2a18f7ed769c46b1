import { describe, expect, test } from "vitest";
import { layOut } from "./sankey.ts";

describe("the diagram", () => {
  const flows = [{ from: "Kent", to: "Norfolk", value: 300 }, { from: "Norfolk", to: "Kent", value: 100 }, { from: "Norfolk", to: "Norfolk", value: 200 }, { from: "Essex", to: "Kent", value: 0 }];
  const drawing = layOut(flows, 800);

  test("goes from the left to the right, though a place is on both sides", () => {
    expect(drawing.nodes.map((n) => `${n.side} ${n.name}`).toSorted()).toEqual(["from Kent", "from Norfolk", "to Kent", "to Norfolk"]);
    const [left, right] = [drawing.nodes.filter((n) => n.side === "from"), drawing.nodes.filter((n) => n.side === "to")];
    expect(Math.max(...left.map((n) => n.x))).toBeLessThan(Math.min(...right.map((n) => n.x)));
  });

  test("has a band for each flow of something, as wide as its share", () => {
    expect(drawing.links.map((l) => l.title)).toEqual(["Kent to Norfolk: £3", "Norfolk to Kent: £1", "Norfolk to Norfolk: £2"]);
    const [a, b, c] = drawing.links.map((l) => l.width);
    expect((a ?? 0) / (b ?? 1)).toBeCloseTo(3);
    expect((c ?? 0) / (b ?? 1)).toBeCloseTo(2);
  });

  test("stays within its drawing", () => {
    for (const n of drawing.nodes) {
      expect(n.y).toBeGreaterThanOrEqual(0);
      expect(n.y + n.height).toBeLessThanOrEqual(drawing.height);
    }
  });

  test("of nothing is nothing", () => {
    expect(layOut([], 800).links).toEqual([]);
    expect(layOut([{ from: "a", to: "b", value: 0 }], 300).nodes).toEqual([]);
  });
});
