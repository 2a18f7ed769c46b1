// Arrows between places, made of the rows of the page's table. Pure.
import type { Feature, FeatureCollection, Point, LineString } from "geojson";
import type { Row } from "./table.ts";

/** Points of a curve. */
const parts = 32;

type Position = readonly [number, number];

/** Web Mercator, in radians: north and east are at right angles there. */
const project = ([lon, lat]: Position): Position => [(lon * Math.PI) / 180, Math.asinh(Math.tan((lat * Math.PI) / 180))];
const unproject = ([x, y]: Position): [number, number] => [(x * 180) / Math.PI, (Math.atan(Math.sinh(y)) * 180) / Math.PI];

/**
 * A curve from one place to another, which keeps to the left, so that the way
 * back is another; and where it points at its end, in degrees clockwise from
 * the east.
 */
export function curve(from: Position, to: Position): { line: [number, number][]; turn: number } {
  const [ax, ay] = project(from);
  const [zx, zy] = project(to);
  const [cx, cy] = [(ax + zx) / 2 - (zy - ay) * 0.2, (ay + zy) / 2 + (zx - ax) * 0.2];
  const line = Array.from({ length: parts + 1 }, (_, i) => {
    const s = i / parts;
    const at = (a: number, c: number, z: number) => (1 - s) ** 2 * a + 2 * s * (1 - s) * c + s ** 2 * z;
    return unproject([at(ax, cx, zx), at(ay, cy, zy)]);
  });
  return { line, turn: (-Math.atan2(zy - cy, zx - cx) * 180) / Math.PI };
}

/** Lines, their heads, and circles for what stays; the widest are those of most pounds. */
export function arrows(rows: readonly Row[]): FeatureCollection<Point | LineString> {
  const most = Math.max(1, ...rows.map((row) => row.value ?? 0));
  const features: Feature<Point | LineString>[] = [];
  // The largest are drawn last, on top.
  for (const row of rows.toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))) {
    if (!row.from || !row.to) continue;
    const properties = { id: row.id, width: 1.2 + 7 * Math.sqrt((row.value ?? 0) / most) };
    const point = (at: Position): Point => ({ type: "Point", coordinates: [...at] });
    if (row.from[0] === row.to[0] && row.from[1] === row.to[1]) {
      features.push({ type: "Feature", properties, geometry: point(row.to) });
      continue;
    }
    const { line, turn } = curve(row.from, row.to);
    features.push({ type: "Feature", properties, geometry: { type: "LineString", coordinates: line } });
    features.push({ type: "Feature", properties: { ...properties, turn }, geometry: point(row.to) });
  }
  return { type: "FeatureCollection", features };
}
