/** Colours of the map's drawing. Those of the classes come with the key. */
export const colours = {
  sea: "#e8eff3",
  land: "#f9f7f2",
  focusLand: "#bde3d6",
  territoryLine: "#6d7d88",
  areaLine: "#8b98a0",
  regionLine: "#24475c",
  picked: "#0b0c0c",
  activity: "#5b2a6b",
  flow: "#8a2f5c",
  within: "#1f6f78",
  target: "#7a2b72",
  paper: "#ffffff",
  label: "#1d2f3a",
  regionLabel: "#24475c",
  areaLabel: "#56656e",
  townLabel: "#2b2f33",
} as const;
