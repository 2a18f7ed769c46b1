// The address of a page holds its whole state: filters and view in the query,
// map position and layers in the hash. These are the pure parts of that.

/** Reads a hash such as "#map=8.2/53.5/-2.1&layers=regions". Never throws. */
export function readHash(hash: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const part of hash.replace(/^#/, "").split("&")) {
    const cut = part.indexOf("=");
    if (cut > 0) values.set(part.slice(0, cut), part.slice(cut + 1));
  }
  return values;
}

/** Writes a hash; empty values are left out, so equal states have equal links. */
export function writeHash(values: ReadonlyMap<string, string>): string {
  const parts = [...values].filter(([, value]) => value !== "").map(([name, value]) => `${name}=${value}`);
  return parts.length > 0 ? `#${parts.join("&")}` : "";
}

/**
 * The query of a filter form: empty fields left out, repeated ones joined by
 * commas, names in order; the same spelling as the server's.
 */
export function formQuery(fields: Iterable<readonly [string, string]>): string {
  const joined = new Map<string, string[]>();
  for (const [name, value] of fields) {
    if (value !== "") joined.set(name, [...(joined.get(name) ?? []), value]);
  }
  const parts = [...joined]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => `${encodeURIComponent(name)}=${values.map(encodeURIComponent).join(",").replaceAll("%2C", ",")}`);
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}

/** The view a query asks for: the map unless it says otherwise. */
export function viewOf(search: string): string {
  return new URLSearchParams(search).get("view") ?? "map";
}
