// Applies filters and sorts without loading the page anew: fetches the page
// that the server would have shown, puts its live parts in place of the old
// ones and tells the map. Anything unexpected falls back to a plain load.
import { formQuery, viewOf } from "./address.ts";

/** The parts that change with the data alone; the form stays as its reader has it. */
const figures = ["sentence", "told", "key", "map", "figures"];

/** How long the page rests before it asks for its figures again. */
const rest = 3000;

/** Starts on pages that have live parts. */
export function startLivePage(): void {
  if (!document.querySelector("#sentence[data-live]")) return;
  let shown = location.search;
  let latest = 0;

  /** Fetches the figures of the page again, some time after its tiles have changed. */
  let waiting = false;
  document.addEventListener("tributary:stale", () => {
    if (waiting) return;
    waiting = true;
    setTimeout(async () => {
      waiting = false;
      const turn = latest;
      try {
        const fresh = await fetchPage(new URL(location.href));
        if (turn !== latest) return; // something else is shown by now
        replaceLiveParts(fresh, figures);
        document.dispatchEvent(new CustomEvent("tributary:changed", { detail: "figures" }));
      } catch {
        // The figures stay as they were; the next change asks again.
      }
    }, rest);
  });

  async function go(url: URL, push: boolean): Promise<void> {
    const turn = ++latest;
    try {
      const fresh = await fetchPage(url);
      if (turn !== latest) return; // a later choice has overtaken this one
      if (push) history.pushState(null, "", url);
      shown = url.search;
      replaceLiveParts(fresh);
      document.dispatchEvent(new Event("tributary:changed"));
    } catch {
      location.assign(url);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.id !== "filter") return;
    event.preventDefault();
    const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)] as const);
    void go(new URL(location.pathname + formQuery(fields) + location.hash, location.href), true);
  });

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link?.closest("[data-live]") || !isPlainClick(event, link)) return;
    // Same page, other filter: the map stays where it is.
    link.hash = location.hash;
    if (viewOf(link.search) !== viewOf(location.search)) return;
    event.preventDefault();
    void go(new URL(link.href), true);
  });

  window.addEventListener("popstate", () => {
    if (location.search === shown) return; // only the map moved
    if (viewOf(location.search) !== viewOf(shown)) location.reload();
    else void go(new URL(location.href), false);
  });
}

function isPlainClick(event: MouseEvent, link: HTMLAnchorElement): boolean {
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
  return !modified && !link.download && link.origin === location.origin && link.pathname === location.pathname;
}

async function fetchPage(url: URL): Promise<Document> {
  const answer = await fetch(url.pathname + url.search, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Puts the live parts of a fresh page in place of those shown. */
function replaceLiveParts(fresh: Document, only?: readonly string[]): void {
  const focused = document.activeElement?.id ?? "";
  const hadFocus = document.activeElement?.closest("[data-live]") !== null;
  const folds = [...document.querySelectorAll<HTMLDetailsElement>("[data-live] details")].map((details) => [details.id, details.open] as const);
  document.title = fresh.title;
  for (const old of document.querySelectorAll<HTMLElement>("[data-live]")) {
    if (only && !(only.includes(old.id) && (old.dataset["live"] || !old.contains(document.activeElement)))) continue;
    const next = fresh.getElementById(old.id);
    if (!next) throw new Error(`the new page has no ${old.id}`);
    if (old.dataset["live"] === "text") {
      // The same element stays, so that screen readers announce the change.
      if (old.textContent !== next.textContent) old.textContent = next.textContent;
    } else if (old.dataset["live"] === "data") {
      Object.assign(old.dataset, next.dataset);
      replaceStill(old, next);
    } else {
      old.replaceWith(document.importNode(next, true));
    }
  }
  for (const [id, open] of folds) document.getElementById(id)?.toggleAttribute("open", open);
  if (!hadFocus) return;
  const target = (focused && document.getElementById(focused)) || document.getElementById("results-title");
  target?.focus({ preventScroll: true });
}

function replaceStill(old: HTMLElement, next: HTMLElement): void {
  const still = next.querySelector<HTMLImageElement>(".app-map__still img");
  const shown = old.querySelector<HTMLImageElement>(".app-map__still img");
  if (!still || !shown) return;
  shown.src = still.getAttribute("src") ?? "";
  shown.alt = still.alt;
}
