import { describe, expect, test } from "vitest";
import { read, type Drawn } from "./pick.ts";

const norfolk: Drawn = { layer: "territories", properties: { id: "norfolk", name: "Norfolk", activities: 54 } };
const east: Drawn = { layer: "regions", properties: { id: "E12000006", name: "East of England", activities: 1200 } };
const none = () => null;

describe("what is read out", () => {
  test("nothing on the sea", () => expect(read([], none)).toBeNull());

  test("a territory, with the figures of the table", () => {
    const figures = { region: "East of England", activities: "54", validated: "24", providers: "7" };
    const reading = read([east, norfolk], (id) => (id === "norfolk" ? figures : null));
    expect(reading?.title).toBe("Norfolk");
    expect(reading?.lines[0]).toBe("54 activities, 24 of them validated, by 7 providers. Police territory in East of England.");
    expect(reading?.link?.url).toBe("/places/norfolk");
    expect([reading?.territory, reading?.region]).toEqual(["norfolk", ""]);
  });

  test("a territory without a table", () => expect(read([norfolk], none)?.lines[0]).toBe("54 activities. Police territory."));

  test("a region", () => {
    const reading = read([east], none);
    expect(reading?.lines[0]).toBe("1,200 activities. Region.");
    expect(reading?.region).toBe("E12000006");
  });

  test("several activities", () => {
    const reading = read([{ layer: "activities", properties: { count: 12, validated: 5 } }, norfolk], none);
    expect(reading?.title).toBe("12 activities near here");
    expect(reading?.lines[0]).toContain("5 validated. In Norfolk.");
    expect(reading?.link).toBeNull();
  });

  test("one activity, shown roughly", () => {
    const reading = read([{ layer: "activities", properties: { count: 1, id: "a/1", name: "Boxing", status: "submitted", level: "cell" } }], none);
    expect(reading?.title).toBe("Boxing");
    expect(reading?.lines[0]).toContain("not validated yet");
    expect(reading?.lines[0]).toContain("0.7 square kilometres");
    expect(reading?.link?.url).toBe("/activities/a%2F1");
  });

  test("properties of the wrong kind do no harm", () => {
    expect(read([{ layer: "activities", properties: { count: null, name: {} } }], none)?.title).toBe("One activity");
  });
});
