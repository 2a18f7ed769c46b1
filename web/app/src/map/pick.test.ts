import { describe, expect, test } from "vitest";
import { read, type Drawn } from "./pick.ts";

const norfolk: Drawn = { layer: "territories", properties: { id: "norfolk", name: "Norfolk", activities: 54 } };
const east: Drawn = { layer: "regions", properties: { id: "E12000006", name: "East of England", activities: 1200 } };
const named = (name: string, cy: string): Drawn => ({ layer: "territories", properties: { id: "x", name, name_cy: cy } });
const none = () => null;
const link = (code: string) => `/?area=${code}`;

describe("what is read out", () => {
  test("nothing on the sea", () => expect(read([], none, link)).toBeNull());

  test("a territory, with the figures of the table", () => {
    const figures = { region: "East of England", activities: "54", validated: "24", providers: "7" };
    const reading = read([east, norfolk], (id) => (id === "norfolk" ? figures : null), link);
    expect(reading?.title).toBe("Norfolk");
    expect(reading?.lines[0]).toBe("54 activities, 24 of them validated, by 7 providers. Police territory in East of England.");
    expect(reading?.links[0]?.url).toBe("/places/norfolk");
    expect([reading?.territory, reading?.region]).toEqual(["norfolk", ""]);
  });

  test("a territory without a table", () => expect(read([norfolk], none, link)?.lines[0]).toBe("54 activities. Police territory."));

  test("a district within a territory", () => {
    const norwich: Drawn = { layer: "areas", properties: { id: "E07000148", name: "Norwich", activities: 1 } };
    const reading = read([norwich, norfolk], none, link);
    expect(reading?.lines[1]).toBe("Norwich, within it: 1 activity.");
    expect(reading?.links[1]).toEqual({ url: "/?area=E07000148", label: "Show only Norwich" });
    expect(read([{ layer: "activities", properties: { count: 2 } }, norwich, norfolk], none, link)?.lines[0]).toContain("In Norwich, Norfolk.");
  });

  test("an area that is the whole territory adds nothing", () => {
    const county: Drawn = { layer: "areas", properties: { id: "E10000020", name: "Norfolk", activities: 54 } };
    expect(read([county, norfolk], none, link)?.lines).toHaveLength(1);
  });

  test("a Welsh name, where it is another", () => {
    expect(read([named("South Wales", "De Cymru")], none, link)?.titleCy).toBe("De Cymru");
    expect(read([named("Gwent", "Gwent")], none, link)?.titleCy).toBe("");
  });

  test("a region", () => {
    const reading = read([east], none, link);
    expect(reading?.lines[0]).toBe("1,200 activities. Region.");
    expect(reading?.region).toBe("E12000006");
  });

  test("several activities", () => {
    const reading = read([{ layer: "activities", properties: { count: 12, validated: 5 } }, norfolk], none, link);
    expect(reading?.title).toBe("12 activities near here");
    expect(reading?.lines[0]).toContain("5 validated. In Norfolk.");
    expect(reading?.links).toEqual([]);
  });

  test("one activity, shown roughly", () => {
    const reading = read([{ layer: "activities", properties: { count: 1, id: "a/1", name: "Boxing", status: "submitted", level: "cell" } }], none, link);
    expect(reading?.title).toBe("Boxing");
    expect(reading?.lines[0]).toContain("not validated yet");
    expect(reading?.lines[0]).toContain("0.7 square kilometres");
    expect(reading?.links[0]?.url).toBe("/activities/a%2F1");
  });

  test("properties of the wrong kind do no harm", () => {
    expect(read([{ layer: "activities", properties: { count: null, name: {} } }], none, link)?.title).toBe("One activity");
  });
});
