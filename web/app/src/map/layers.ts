/** What a reader can switch on and off on the map. */
export const layerNames = ["activities", "shading", "territories", "regions", "areas", "towns"] as const;
export type LayerName = (typeof layerNames)[number];

/** Their names on the page. */
export const layerLabels: Record<LayerName, string> = {
  activities: "Single activities",
  shading: "Colours",
  territories: "Police territories",
  regions: "Regions",
  areas: "Districts and counties",
  towns: "Towns",
};

/** What shows when the address does not say. */
export const defaultLayers: readonly LayerName[] = ["activities", "shading", "territories", "areas", "towns"];

/** Reads "layers" of the hash; unknown names are passed over. */
export function readLayers(value: string | undefined): Set<LayerName> {
  if (value === undefined) return new Set(defaultLayers);
  const asked = value.split(",");
  return new Set(layerNames.filter((name) => asked.includes(name)));
}

/** Writes "layers" for the hash; empty for the default, "none" for none. */
export function writeLayers(shown: ReadonlySet<LayerName>): string {
  const names = layerNames.filter((name) => shown.has(name));
  if (names.join() === defaultLayers.join()) return "";
  return names.join(",") || "none";
}
