// Offers a map beside fields that say where something is. The fields stay what
// is sent; the map only writes into them. It is loaded when it is asked for.
import { drawsWebGL } from "../stillmap.ts";

/** Puts a button beside each such field, where this browser can draw the map. */
export function offerDrawing(): void {
  const places = [...document.querySelectorAll<HTMLElement>("[data-draw]")];
  if (places.length === 0 || !drawsWebGL()) return;
  for (const place of places) {
    const button = place.querySelector<HTMLButtonElement>("button[data-open]");
    if (!button) continue;
    place.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const { openDrawing } = await import("./drawmap.ts");
        openDrawing(place, button);
      } catch (error) {
        console.error("the map could not start", error);
        const words = place.querySelector<HTMLElement>("[data-words]");
        if (words) words.textContent = "The map could not be loaded: type it instead.";
      } finally {
        button.disabled = false;
      }
    });
  }
}
