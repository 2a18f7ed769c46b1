import { describe, expect, test } from "vitest";
import { pounds, read, type Drawn, type Knowledge } from "./pick.ts";
import type { Row } from "./table.ts";

const norfolk: Drawn = { layer: "territories", properties: { id: "norfolk", name: "Norfolk", activities: 54 } };
const east: Drawn = { layer: "regions", properties: { id: "E12000006", name: "East of England", activities: 1200 } };
const norwich: Drawn = { layer: "areas", properties: { id: "E07000148", name: "Norwich", activities: 1 } };
const named = (name: string, cy: string): Drawn => ({ layer: "territories", properties: { id: "x", name, name_cy: cy } });
const row = (id: string, name: string, url: string, figures: Row["figures"]): Row => ({ id, name, nameCy: "", url, value: 1, state: "", from: null, to: null, figures });
const known = (...rows: Row[]): Knowledge => ({
  rowOf: (id) => rows.find((r) => r.id === id),
  areaLink: (code) => `/?area=${code}`,
  contributionsIn: (territory) => `/contributions?territory=${territory}`,
});

describe("what is read out", () => {
  test("nothing on the sea", () => expect(read([], known())).toBeNull());

  test("a territory, with the figures of the table", () => {
    const figures = [["Region", "East of England"], ["Value", "£1,200"], ["Per head", ""]] as const;
    const reading = read([east, norfolk], known(row("norfolk", "Norfolk", "/places/norfolk", figures)));
    expect(reading?.title).toBe("Norfolk");
    expect(reading?.lines).toEqual(["Region: East of England. Value: £1,200."]);
    expect(reading?.links.map((l) => l.url)).toEqual(["/places/norfolk"]);
    expect([reading?.territory, reading?.region]).toEqual(["norfolk", ""]);
  });

  test("a territory to choose", () => {
    const reading = read([norfolk], known(row("norfolk", "Norfolk", "/?layer=gaps&territory=norfolk", [])));
    expect(reading?.links[0]).toEqual({ url: "/?layer=gaps&territory=norfolk", label: "Choose Norfolk" });
  });

  test("a territory without a table", () => expect(read([norfolk], known())?.lines[0]).toBe("54 activities. Police territory."));

  test("a district within a territory, where the table has none", () => {
    const reading = read([norwich, norfolk], known());
    expect(reading?.title).toBe("Norfolk");
    expect(reading?.links[1]).toEqual({ url: "/?area=E07000148", label: "Show only Norwich" });
    expect(read([{ layer: "activities", properties: { count: 2 } }, norwich, norfolk], known())?.lines[0]).toContain("In Norwich, Norfolk.");
  });

  test("a district that the table has", () => {
    const reading = read([norwich, norfolk], known(row("E07000148", "Norwich", "/places/E07000148", [["Value", "£5"]])));
    expect([reading?.title, reading?.area, reading?.territory]).toEqual(["Norwich", "E07000148", ""]);
  });

  test("an area that is the whole territory adds nothing", () => {
    const county: Drawn = { layer: "areas", properties: { id: "E10000020", name: "Norfolk", activities: 54 } };
    expect(read([county, norfolk], known())?.links).toHaveLength(1);
  });

  test("a gap and a target area", () => {
    for (const layer of ["gaps", "target_areas"]) {
      const reading = read([{ layer, properties: { id: "g1" } }, norfolk], known(row("g1", "Thetford", "/places/g1", [["Worst state", "No activity"]])));
      expect(reading?.lines).toEqual(["Worst state: No activity."]);
    }
  });

  test("a hexagon, and one that may not be told more finely", () => {
    const cell = { id: "841974dffffffff", count: 12, pence: 123456 };
    const reading = read([{ layer: "heat", properties: cell }, norfolk], known());
    expect(reading?.title).toBe("£1,234.56");
    expect(reading?.lines[0]).toMatch(/^12 contributions or parts of them, somewhere in this hexagon of about 1,800 square kilometres\. .*Norfolk\.$/);
    expect(reading?.links.map((l) => l.url)).toEqual(["/contributions?territory=norfolk", "/places/norfolk"]);
    expect(read([{ layer: "heat_withheld", properties: { ...cell, count: 1 } }], known())?.lines[0]).toContain("may not be shown more finely");
  });

  test("an arrow, over everything else", () => {
    const reading = read([{ layer: "flows", properties: { id: "kent/norfolk" } }, norfolk], known(row("kent/norfolk", "Kent to Norfolk", "/contributions?x", [["Value", "£5"]])));
    expect([reading?.title, reading?.links[0]?.label]).toEqual(["Kent to Norfolk", "See the contributions behind it"]);
  });

  test("a Welsh name, where it is another", () => {
    expect(read([named("South Wales", "De Cymru")], known())?.titleCy).toBe("De Cymru");
    expect(read([named("Gwent", "Gwent")], known())?.titleCy).toBe("");
  });

  test("a region", () => expect(read([east], known())?.region).toBe("E12000006"));

  test("several activities", () => {
    const reading = read([{ layer: "activities", properties: { count: 12, validated: 5 } }, norfolk], known());
    expect(reading?.title).toBe("12 activities near here");
    expect(reading?.lines[0]).toContain("5 validated. In Norfolk.");
    expect(reading?.links).toEqual([]);
  });

  test("one activity, shown roughly", () => {
    const reading = read([{ layer: "activities", properties: { count: 1, id: "a/1", name: "Boxing", status: "submitted", level: "cell" } }], known());
    expect(reading?.title).toBe("Boxing");
    expect(reading?.lines[0]).toContain("not validated yet");
    expect(reading?.lines[0]).toContain("0.7 square kilometres");
    expect(reading?.links[0]?.url).toBe("/activities/a%2F1");
  });

  test("properties of the wrong kind do no harm", () => {
    expect(read([{ layer: "activities", properties: { count: null, name: {} } }], known())?.title).toBe("One activity");
  });
});

test.each([[0, "£0"], [5, "£0.05"], [123400, "£1,234"], [123450, "£1,234.50"]])("%d pence are %s", (pence, want) => expect(pounds(pence)).toBe(want));
