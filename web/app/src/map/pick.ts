// What is under a point of the map, in words. Pure: the map hands over the
// features, the page's table the figures.
import type { Row } from "./table.ts";

/** The properties of a drawn feature that matter for reading it out. */
export interface Drawn {
  layer: string; // source layer; "flows" for an arrow
  properties: Record<string, unknown>;
}

/** What to say about a picked place. */
export interface Reading {
  title: string;
  titleCy: string; // the Welsh name, where it is another
  lines: string[];
  links: { url: string; label: string }[];
  territory: string; // id of the place to outline; empty for none
  region: string;
  area: string;
}

/** What the page knows besides what is drawn. */
export interface Knowledge {
  rowOf: (id: string) => Row | undefined;
  /** The address of the map of one area, and of the contributions in a territory, under the filter of the page. */
  areaLink: (code: string) => string;
  contributionsIn: (territory: string) => string;
}

const statusWords: Record<string, string> = {
  draft: "draft",
  submitted: "not validated yet",
  validated: "validated",
  suspended: "suspended",
  expired: "validation expired",
  closed: "closed",
};

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const count = (value: unknown): number => Number(value) || 0;
const thousands = (n: number): string => n.toLocaleString("en-GB");

/** Writes "1 activity" or "1,200 activities". */
export function activities(n: number): string {
  return n === 1 ? "1 activity" : `${thousands(n)} activities`;
}

/** Writes pence as people read them, without pence where there are none. */
export function pounds(pence: number): string {
  const decimals = pence % 100 === 0 ? 0 : 2;
  return `£${(pence / 100).toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })}`;
}

/** About how large a cell of each resolution is, in square kilometres. */
const cellSizes: Record<string, string> = { 3: "12,000", 4: "1,800", 5: "250", 6: "36", 7: "5.2", 8: "0.7", 9: "0.1" };

type Properties = Record<string, unknown>;
type Words = Pick<Reading, "title" | "titleCy" | "lines" | "links">;

/**
 * Reads the features under a point, the uppermost first: an arrow, an activity,
 * a cell, a place of the table, else the territory, else the region.
 */
export function read(drawn: readonly Drawn[], known: Knowledge): Reading | null {
  const find = (layer: string) => drawn.find((d) => d.layer === layer)?.properties;
  const territory = find("territories");
  const region = find("regions");
  const name = text(territory?.["name"]);
  // The area says nothing more where it is the whole territory.
  const area = text(find("areas")?.["name"]) === name ? undefined : find("areas");
  const where = { territory: text(territory?.["id"]), region: territory ? "" : text(region?.["id"]), area: "" };
  const around = [text(area?.["name"]), name].filter(Boolean).join(", ");
  const arrow = known.rowOf(text(find("flows")?.["id"]));
  if (arrow) return { ...readRow(arrow), ...where, territory: "" };
  const activity = find("activities");
  if (activity) return { ...readActivity(activity, around), ...where };
  const cell = find("heat") ?? find("heat_withheld");
  if (cell) return { ...readCell(cell, around, find("heat") === undefined, where.territory, name, known), ...where };
  const placed = find("gaps") ?? find("target_areas") ?? find("areas");
  const row = known.rowOf(text(placed?.["id"]));
  if (placed && row) return { ...readRow(row), ...where, territory: "", area: text(placed["id"]) };
  if (territory) return { ...readTerritory(territory, known, area), ...where };
  if (region) return { ...readRegion(region), ...where };
  return null;
}

/** The names of a place; the Welsh one only where it is another. */
function namesOf(p: Properties): Pick<Reading, "title" | "titleCy"> {
  const [title, titleCy] = [text(p["name"]), text(p["name_cy"])];
  return { title, titleCy: titleCy === title ? "" : titleCy };
}

function pageLink(p: Properties): Reading["links"][number] {
  return { url: `/places/${encodeURIComponent(text(p["id"]))}`, label: `See the page of ${text(p["name"])}` };
}

/** A row of the table in words: each figure with its column. */
function readRow(row: Row): Words {
  const told = row.figures.filter(([, value]) => value !== "").map(([label, value]) => `${label}: ${value}`);
  const links = row.url ? [{ url: row.url, label: row.id.includes("/") ? "See the contributions behind it" : `See the page of ${row.name}` }] : [];
  return { title: row.name, titleCy: row.nameCy, lines: [`${told.join(". ")}.`], links };
}

function readCell(p: Properties, around: string, withheld: boolean, territory: string, name: string, known: Knowledge): Words {
  const n = count(p["count"]);
  const size = cellSizes[text(p["id"]).charAt(1)] ?? "";
  const parts = n === 1 ? "1 contribution or part of one" : `${thousands(n)} contributions or parts of them`;
  const place = around ? ` The middle of the cross is in ${around}.` : "";
  const lines = [`${parts}, somewhere in this hexagon of about ${size} square kilometres${withheld ? ": they may not be shown more finely" : ""}.${place}`];
  const links = territory
    ? [{ url: known.contributionsIn(territory), label: `See the contributions in ${name}` }, pageLink({ id: territory, name })]
    : [];
  return { title: pounds(count(p["pence"])), titleCy: "", lines, links };
}

function readActivity(p: Properties, place: string): Words {
  const n = count(p["count"]);
  const around = place ? ` In ${place}.` : "";
  if (n > 1) {
    const lines = [`${thousands(count(p["validated"]))} validated.${around} Zoom in to see them apart.`];
    return { title: `${activities(n)} near here`, titleCy: "", lines, links: [] };
  }
  const id = text(p["id"]);
  const status = statusWords[text(p["status"])] ?? text(p["status"]);
  const precision = text(p["level"]) === "cell" ? " Shown only as somewhere in an area of about 0.7 square kilometres." : "";
  return {
    title: text(p["name"]) || "One activity",
    titleCy: "",
    lines: [`Activity, ${status}.${around}${precision}`],
    links: id ? [{ url: `/activities/${encodeURIComponent(id)}`, label: "See this activity" }] : [],
  };
}

function readTerritory(p: Properties, known: Knowledge, area: Properties | undefined): Words {
  const row = known.rowOf(text(p["id"]));
  const lines = row ? readRow(row).lines : [`${activities(count(p["activities"]))}. Police territory.`];
  const links = [pageLink(p)];
  if (row && row.url && !row.url.startsWith("/places/")) links.unshift({ url: row.url, label: `Choose ${row.name}` });
  if (area) {
    const name = text(area["name"]);
    links.push({ url: known.areaLink(text(area["id"])), label: `Show only ${name}` });
  }
  return { ...namesOf(p), lines, links };
}

function readRegion(p: Properties): Words {
  return { ...namesOf(p), lines: ["Region."], links: [pageLink(p)] };
}
