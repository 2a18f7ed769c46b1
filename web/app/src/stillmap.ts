/** Whether this browser can draw what the live map needs. */
export function drawsWebGL(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

/** Keeps, or brings back, the still map and says why in plain words. */
export function showStill(root: HTMLElement, reason: string): void {
  document.documentElement.dataset["map"] = "none";
  const still = root.querySelector<HTMLElement>(".app-map__still");
  if (still) still.hidden = false;
  root.classList.remove("app-map--live");
  if (root.querySelector(".app-map__reason")) return;
  const words = document.createElement("p");
  words.className = "govuk-body-s app-map__reason";
  words.setAttribute("role", "status");
  words.textContent = reason;
  root.append(words);
}
