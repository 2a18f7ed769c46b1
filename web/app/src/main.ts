// The entry of every page. Pages are complete without it: it improves what the
// server rendered, and loads the map only where there is one to draw.
import { Button, ErrorSummary, ExitThisPage, ServiceNavigation } from "govuk-frontend";
import "./styles/main.scss";
import { startLivePage } from "./livepage.ts";
import { drawsWebGL, showStill } from "./stillmap.ts";
import { addShareButtons } from "./share.ts";
import { offerDigest } from "./digest.ts";
import { offerDrawing } from "./draw/offer.ts";
import { followShares } from "./shares.ts";
import { focusMain } from "./skiplink.ts";
import { addTimeSlider } from "./timeslider.ts";

/** Runs one enhancement; a page with one part broken is better than none. */
function enhance(name: string, part: () => void): void {
  try {
    part();
  } catch (error) {
    console.error(`${name} could not start`, error);
  }
}

function startComponents(): void {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  const components = [
    ["govuk-button", Button],
    ["govuk-error-summary", ErrorSummary],
    ["govuk-exit-this-page", ExitThisPage],
    ["govuk-service-navigation", ServiceNavigation],
  ] as const;
  for (const [name, Component] of components) {
    for (const element of document.querySelectorAll<HTMLElement>(`[data-module="${name}"]`)) {
      enhance(name, () => void new Component(element));
    }
  }
}

/** Folds the filters where they would push the map off a small screen. */
function foldFilters(): void {
  const details = document.querySelector<HTMLDetailsElement>(".app-filter__details");
  if (details && matchMedia("(max-width: 48em)").matches) details.open = false;
}

/** Draws the live map as a file, once there is one. */
let picture: (() => Promise<void>) | null = null;

/** What stands in parts of the page that are replaced is put there again. */
function enhanceParts(): void {
  enhance("time line", addTimeSlider);
  enhance("buttons", () => addShareButtons(picture));
}

async function startMap(): Promise<void> {
  const root = document.getElementById("map");
  if (!root) {
    enhanceParts();
    return;
  }
  enhance("time line", addTimeSlider);
  if (!drawsWebGL()) {
    enhanceParts();
    showStill(root, "This browser cannot draw the live map, so here is a still one. The table has the same figures.");
    return;
  }
  try {
    const { LiveMap } = await import("./map/livemap.ts");
    const map = new LiveMap(root);
    document.addEventListener("tributary:changed", (event) => map.refresh(event instanceof CustomEvent));
    picture = async () => (await import("./map/picture.ts")).savePicture(map.picture());
    addShareButtons(picture);
  } catch (error) {
    console.error("the live map could not start", error);
    showStill(root, "The live map could not be loaded, so here is a still one. Reload the page to try again.");
    enhanceParts();
  }
}

async function startDiagram(): Promise<void> {
  const root = document.getElementById("sankey");
  if (root) (await import("./sankey.ts")).drawSankey(root);
}

enhance("components", startComponents);
enhance("skip link", focusMain);
enhance("digest", offerDigest);
enhance("drawing", offerDrawing);
enhance("shares", followShares);
enhance("filters", foldFilters);
enhance("live page", startLivePage);
document.addEventListener("tributary:changed", enhanceParts);
void startMap();
void startDiagram();
