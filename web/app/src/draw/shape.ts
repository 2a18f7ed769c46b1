// Shapes that somebody draws, as numbers: pure, so that they can be tested
// without a map. Positions are [longitude, latitude] in degrees, EPSG:4326.

export type Position = readonly [number, number];

/** What a field of GeoJSON holds: rings to draw, and the corners that can be drawn on, if it is one ring. */
export interface Shape {
  rings: Position[][];
  corners: Position[] | null;
}

/** A position to about a metre. */
export const rounded = ([lon, lat]: Position): Position => [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5];

/** The polygon of three corners or more as GeoJSON; nothing of fewer. */
export function polygonOf(corners: readonly Position[]): string {
  const [first] = corners;
  if (!first || corners.length < 3) return "";
  return JSON.stringify({ type: "Polygon", coordinates: [[...corners, first]] });
}

/** Reads a Polygon or MultiPolygon; null if the text is neither. */
export function readShape(text: string): Shape | null {
  if (text.trim() === "") return { rings: [], corners: [] };
  try {
    const { type, coordinates } = JSON.parse(text) as { type?: unknown; coordinates?: unknown };
    const polygons = type === "Polygon" ? [coordinates] : type === "MultiPolygon" ? coordinates : null;
    if (!Array.isArray(polygons)) return null;
    const rings = polygons.flat().map((ring: unknown) => (ring as unknown[]).map(positionOf));
    const [only] = rings;
    return { rings, corners: rings.length === 1 && only ? only.slice(0, -1) : null };
  } catch {
    return null;
  }
}

function positionOf(value: unknown): Position {
  const [lon, lat] = value as unknown[];
  if (typeof lon !== "number" || typeof lat !== "number") throw new TypeError("no position");
  return [lon, lat];
}

/** Whether the outline of the corners, closed, crosses itself. */
export function crosses(corners: readonly Position[]): boolean {
  const n = corners.length;
  const side = (i: number) => [corners[i % n], corners[(i + 1) % n]] as [Position, Position];
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue; // neighbours round the corner
      if (meet(...side(i), ...side(j))) return true;
    }
  }
  return false;
}

/** Twice the area of a triangle, with its turn as the sign. */
const turn = (a: Position, b: Position, c: Position): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

const meet = (a: Position, b: Position, c: Position, d: Position): boolean =>
  turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;

/** The area within the corners, in hectares. */
export function hectares(corners: readonly Position[]): number {
  const [first] = corners;
  if (!first) return 0;
  const metres = corners.map(([lon, lat]): Position => [(lon - first[0]) * 111_320 * Math.cos((first[1] * Math.PI) / 180), (lat - first[1]) * 110_540]);
  let twice = 0;
  for (let i = 0; i < metres.length; i++) twice += turn([0, 0], metres[i] as Position, metres[(i + 1) % metres.length] as Position);
  return Math.abs(twice) / 2 / 10_000;
}

/** A list of codes with one more, or without it if it was there. */
export function toggled(list: string, code: string): string {
  const codes = list.split(";").map((one) => one.trim()).filter(Boolean);
  return (codes.includes(code) ? codes.filter((one) => one !== code) : [...codes, code]).join("; ");
}
