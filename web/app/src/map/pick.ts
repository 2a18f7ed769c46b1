// What is under a point of the map, in words. Pure: the map hands over the
// features, the page's table the figures.

/** The properties of a drawn feature that matter for reading it out. */
export interface Drawn {
  layer: string; // source layer
  properties: Record<string, unknown>;
}

/** The figures of a territory, from the page's table. */
export interface RowFigures {
  region: string;
  activities: string;
  validated: string;
  providers: string;
}

/** What to say about a picked place. */
export interface Reading {
  title: string;
  titleCy: string; // the Welsh name, where it is another
  lines: string[];
  links: { url: string; label: string }[];
  territory: string; // id of the place to outline; empty for none
  region: string;
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

/** Writes "1 activity" or "1,200 activities". */
export function activities(n: number): string {
  return n === 1 ? "1 activity" : `${n.toLocaleString("en-GB")} activities`;
}

/**
 * Reads the features under a point, the uppermost first: an activity or a
 * group of them, else the territory, else the region. areaLink gives the
 * address of the map of one district or county.
 */
export function read(
  drawn: readonly Drawn[], figuresOf: (territory: string) => RowFigures | null, areaLink: (code: string) => string,
): Reading | null {
  const find = (layer: string) => drawn.find((d) => d.layer === layer)?.properties;
  const territory = find("territories");
  const region = find("regions");
  const activity = find("activities");
  const name = text(territory?.["name"]);
  // The area says nothing more where it is the whole territory.
  const area = text(find("areas")?.["name"]) === name ? undefined : find("areas");
  const where = { territory: text(territory?.["id"]), region: territory ? "" : text(region?.["id"]) };
  if (activity) return { ...readActivity(activity, [text(area?.["name"]), name].filter(Boolean).join(", ")), ...where };
  if (territory) return { ...readTerritory(territory, figuresOf(where.territory), area, areaLink), ...where };
  if (region) return { ...readRegion(region), ...where };
  return null;
}

type Properties = Record<string, unknown>;
type Words = Omit<Reading, "territory" | "region">;

/** The names of a place; the Welsh one only where it is another. */
function namesOf(p: Properties): Pick<Reading, "title" | "titleCy"> {
  const [title, titleCy] = [text(p["name"]), text(p["name_cy"])];
  return { title, titleCy: titleCy === title ? "" : titleCy };
}

function pageLink(p: Properties): Reading["links"][number] {
  return { url: `/places/${encodeURIComponent(text(p["id"]))}`, label: `See the page of ${text(p["name"])}` };
}

function readActivity(p: Properties, place: string): Words {
  const n = count(p["count"]);
  const around = place ? ` In ${place}.` : "";
  if (n > 1) {
    const lines = [`${count(p["validated"]).toLocaleString("en-GB")} validated.${around} Zoom in to see them apart.`];
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

function readTerritory(p: Properties, figures: RowFigures | null, area: Properties | undefined, areaLink: (code: string) => string): Words {
  const lines = figures
    ? [`${figures.activities} activities, ${figures.validated} of them validated, by ${figures.providers} providers. Police territory in ${figures.region}.`]
    : [`${activities(count(p["activities"]))}. Police territory.`];
  const links = [pageLink(p)];
  if (area) {
    const name = text(area["name"]);
    lines.push(`${name}, within it: ${activities(count(area["activities"]))}.`);
    links.push({ url: areaLink(text(area["id"])), label: `Show only ${name}` });
  }
  return { ...namesOf(p), lines, links };
}

function readRegion(p: Properties): Words {
  return { ...namesOf(p), lines: [`${activities(count(p["activities"]))}. Region.`], links: [pageLink(p)] };
}
