// Shows how a contribution is shared over the places that are typed, as they
// are typed; the server draws the same when the page is loaded.

export interface Share {
  place: string;
  percent: number;
}

/** The shares of "PLACE = WEIGHT" lines; null while a weight is no whole number. */
export function sharesOf(text: string): Share[] | null {
  const lines = text.split(/[\n;]/).map((line) => line.trim()).filter(Boolean);
  const parts = lines.map((line) => {
    const [place = "", weight] = line.split("=").map((part) => part.trim());
    return { place, weight: weight === undefined ? 1 : /^\d+$/.test(weight) ? Number(weight) : 0 };
  });
  if (parts.some(({ weight }) => weight < 1)) return null;
  const whole = parts.reduce((sum, { weight }) => sum + weight, 0);
  return parts.map(({ place, weight }) => ({ place, percent: (100 * weight) / whole }));
}

const svg = "http://www.w3.org/2000/svg";

function bar(percent: number): SVGSVGElement {
  const picture = document.createElementNS(svg, "svg");
  const part = document.createElementNS(svg, "rect");
  for (const [name, value] of [["class", "app-share__bar"], ["viewBox", "0 0 100 8"], ["preserveAspectRatio", "none"], ["aria-hidden", "true"], ["focusable", "false"]] as const) picture.setAttribute(name, value);
  part.setAttribute("width", String(percent));
  part.setAttribute("height", "8");
  picture.append(part);
  return picture;
}

/** Follows the field beside which shares are shown. */
export function followShares(): void {
  for (const list of document.querySelectorAll<HTMLElement>("[data-shares]")) {
    const field = document.getElementById(list.dataset["shares"] ?? "");
    if (!(field instanceof HTMLTextAreaElement)) continue;
    field.addEventListener("input", () => {
      const shares = sharesOf(field.value);
      if (!shares) return; // a weight is being typed
      list.replaceChildren(...shares.map(({ place, percent }) => {
        const row = document.createElement("li");
        row.className = "app-share";
        row.append(`${place}: ${percent.toFixed(1)} %`, bar(percent));
        return row;
      }));
    });
  }
}
