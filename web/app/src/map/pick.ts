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
  lines: string[];
  link: { url: string; label: string } | null;
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
 * group of them, else the territory, else the region.
 */
export function read(drawn: readonly Drawn[], figuresOf: (territory: string) => RowFigures | null): Reading | null {
  const territory = drawn.find((d) => d.layer === "territories");
  const region = drawn.find((d) => d.layer === "regions");
  const activity = drawn.find((d) => d.layer === "activities");
  const where = { territory: text(territory?.properties["id"]), region: territory ? "" : text(region?.properties["id"]) };
  if (activity) return { ...readActivity(activity.properties, text(territory?.properties["name"])), ...where };
  if (territory) return { ...readTerritory(territory.properties, figuresOf(where.territory)), ...where };
  if (region) return { ...readRegion(region.properties), ...where };
  return null;
}

type Words = Pick<Reading, "title" | "lines" | "link">;

function readActivity(p: Record<string, unknown>, territory: string): Words {
  const n = count(p["count"]);
  const around = territory ? `In ${territory}.` : "";
  if (n > 1) {
    const lines = [`${count(p["validated"]).toLocaleString("en-GB")} validated. ${around} Zoom in to see them apart.`];
    return { title: `${activities(n)} near here`, lines, link: null };
  }
  const id = text(p["id"]);
  const status = statusWords[text(p["status"])] ?? text(p["status"]);
  const precision = text(p["level"]) === "cell" ? " Shown only as somewhere in an area of about 0.7 square kilometres." : "";
  return {
    title: text(p["name"]) || "One activity",
    lines: [`Activity, ${status}. ${around}${precision}`],
    link: id ? { url: `/activities/${encodeURIComponent(id)}`, label: "See this activity" } : null,
  };
}

function readTerritory(p: Record<string, unknown>, figures: RowFigures | null): Words {
  const name = text(p["name"]);
  const lines = figures
    ? [`${figures.activities} activities, ${figures.validated} of them validated, by ${figures.providers} providers. Police territory in ${figures.region}.`]
    : [`${activities(count(p["activities"]))}. Police territory.`];
  return { title: name, lines, link: { url: `/places/${encodeURIComponent(text(p["id"]))}`, label: `See the page of ${name}` } };
}

function readRegion(p: Record<string, unknown>): Words {
  const name = text(p["name"]);
  return {
    title: name,
    lines: [`${activities(count(p["activities"]))}. Region.`],
    link: { url: `/places/${encodeURIComponent(text(p["id"]))}`, label: `See the page of ${name}` },
  };
}
