/** The deepest tiles that the server makes; MapLibre enlarges them beyond. */
export const maxTileZoom = 14;

/** What the boundaries' tiles hold; these are the same under any filter. */
export const boundaries = ["regions", "territories", "areas", "towns"] as const;

/**
 * The address of the tiles for a filter. It must be absolute: tiles are
 * fetched in a worker.
 */
export function tileAddress(origin: string, layers: readonly string[], query: string): string {
  return `${origin}/tiles/${layers.join(",")}/{z}/{x}/{y}.mvt${query ? `?${query}` : ""}`;
}

/** Reads "west,south,east,north"; null if it is not four numbers. */
export function readBounds(value: string | undefined): [number, number, number, number] | null {
  const [west, south, east, north, ...rest] = (value ?? "").split(",").map(Number);
  if (west === undefined || south === undefined || east === undefined || north === undefined || rest.length > 0) return null;
  return [west, south, east, north].every(Number.isFinite) && value !== "" ? [west, south, east, north] : null;
}

/** Reads "longitude,latitude"; null if it is not two numbers. */
export function readPoint(value: string | undefined): [number, number] | null {
  const [lon, lat, ...rest] = (value ?? "").split(",").map(Number);
  if (lon === undefined || lat === undefined || rest.length > 0 || !Number.isFinite(lon) || !Number.isFinite(lat)) return null;
  return [lon, lat];
}
