import type { Map as MapLibre } from "maplibre-gl";

/** Paths of the icons on a 20 by 20 grid, drawn as lines. */
const icons = {
  in: "M10 4v12M4 10h12",
  out: "M4 10h12",
  up: "M10 16V5M5 9.500l5-5 5 5",
  down: "M10 4v11M5 10.500l5 5 5-5",
  left: "M16 10H5M9.500 5l-5 5 5 5",
  right: "M4 10h11M10.500 5l5 5-5 5",
  whole: "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4",
} as const;

type Icon = keyof typeof icons;

const svg = "http://www.w3.org/2000/svg";

function drawIcon(icon: Icon): SVGSVGElement {
  const picture = document.createElementNS(svg, "svg");
  const path = document.createElementNS(svg, "path");
  for (const [name, value] of [["viewBox", "0 0 20 20"], ["width", "20"], ["height", "20"], ["aria-hidden", "true"], ["focusable", "false"]] as const) {
    picture.setAttribute(name, value);
  }
  path.setAttribute("d", icons[icon]);
  picture.append(path);
  return picture;
}

function button(icon: Icon, label: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `app-control app-control--${icon}`;
  made.setAttribute("aria-label", label);
  made.title = label;
  made.append(drawIcon(icon));
  made.addEventListener("click", press);
  return made;
}

/**
 * Buttons for everything that a drag or a wheel does (WCAG 2.2, 2.5.7): zoom,
 * pan in four directions, back to the start.
 */
export function makeControls(map: MapLibre, home: () => void): HTMLElement {
  const group = document.createElement("div");
  group.className = "app-controls";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Move the map");
  const step = 120;
  const pan = document.createElement("div");
  pan.className = "app-controls__pan";
  pan.append(
    button("up", "Move the map up", () => map.panBy([0, -step])),
    button("left", "Move the map left", () => map.panBy([-step, 0])),
    button("whole", "Show the whole map again", home),
    button("right", "Move the map right", () => map.panBy([step, 0])),
    button("down", "Move the map down", () => map.panBy([0, step])),
  );
  const zoom = document.createElement("div");
  zoom.className = "app-controls__zoom";
  zoom.append(button("in", "Zoom in", () => map.zoomIn()), button("out", "Zoom out", () => map.zoomOut()));
  group.append(zoom, pan);
  return group;
}
