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

  test("has a band for what is not told flow by flow, apart from a place of that name, and they add up", () => {
    const rest = { from: "Kent", to: "Kent", value: 900, rest: true };
    const { links, nodes } = layOut([...flows, rest], 800);
    expect(links.at(-1)).toMatchObject({ title: "Kent: £9", rest: true });
    expect(nodes).toHaveLength(6);
    const [told, all] = [links.slice(0, -1), links].map((some) => some.reduce((sum, { width }) => sum + width, 0));
    expect((all ?? 0) / (told ?? 1)).toBeCloseTo(1500 / 600);
  });

  test("of nothing is nothing", () => {
    expect(layOut([], 800).links).toEqual([]);
    expect(layOut([{ from: "a", to: "b", value: 0 }], 300).nodes).toEqual([]);
  });
});
