// Opens pages in headless Chromium and watches what they must never do.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

/** How long anything may take on a machine that has other work: the map gives up by itself before. */
const patience = 60_000;

/** Where the service under test answers. */
export const base = (process.env.TRIBUTARY_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");

const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  // Without a graphics card the pages themselves are drawn sooner by the ordinary way.
  "--disable-gpu-rasterization",
];

/** Starts a browser; extra flags may switch WebGL off. */
export function launch(...extra) {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...flags, ...extra] });
}

/**
 * Contexts by browser and options: pages of one context share what was loaded.
 * An empty page stays open in each, so that the others are tabs of its window:
 * a window of its own costs each page as much again as opening it.
 */
const contexts = new WeakMap();

function contextOf(browser, options) {
  const known = contexts.get(browser) ?? contexts.set(browser, new Map()).get(browser);
  const name = JSON.stringify(options);
  if (!known.has(name)) known.set(name, newWindow(browser, options));
  return known.get(name);
}

async function newWindow(browser, options) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 720 }, reducedMotion: "reduce", ...options });
  await context.newPage();
  return context;
}

/**
 * Opens a page and runs visit with it. Afterwards nothing may have gone to
 * another host, broken the content security policy or thrown; mayFail lets
 * the console tell of failed requests, leavesFor names an address to which the
 * reader may go away: an empty page answers there, and nobody else is asked.
 */
export async function withPage(browser, { mayFail = false, leavesFor = "", ...options }, visit) {
  const context = await contextOf(browser, options);
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const faults = [];
  const { host } = new URL(base);
  if (leavesFor) await page.route(leavesFor, (route) => route.fulfill({ contentType: "text/html", body: "<!DOCTYPE html><title>Elsewhere</title>" }));
  page.on("request", (request) => {
    if (request.url() === leavesFor && request.isNavigationRequest()) return;
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && url.host !== host) faults.push(`asked another host: ${url}`);
  });
  page.on("pageerror", (error) => faults.push(`threw: ${error}`));
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
    // A browser asks for an icon by itself where a page names none, as feeds do not.
    else if (message.type() === "error" && !mayFail && message.location().url !== `${base}/favicon.ico`) faults.push(`console: ${message.text()}`);
  });
  try {
    await visit(page);
    assert.deepEqual(faults, []);
  } finally {
    await page.close();
  }
}

/** Goes to a path and waits until the map has settled, one way or the other. */
export async function open(page, path) {
  const answer = await page.goto(base + path);
  await settled(page);
  return answer;
}

/** Waits until the page's map, if it has one, shows or has given up. */
export async function settled(page) {
  if ((await page.locator("#map").count()) === 0) return;
  await page.waitForFunction(() => document.documentElement.dataset.map !== undefined, null, { timeout: patience });
}

/**
 * Waits until the map rests after it was asked for something at a moment of the
 * page's own clock, or later; returns when that was, in milliseconds.
 */
export async function mapRests(page, since) {
  const rests = await page.waitForFunction((from) => {
    const [asked, idle] = ["map-asked", "map-idle"].map((name) => performance.getEntriesByName(name)[0]?.startTime ?? 0);
    return asked >= from && idle > asked && idle;
  }, since, { polling: 10, timeout: patience });
  return rests.jsonValue();
}

/** Applies the form's filters; returns when, by the page's own clock. */
export const applyFilters = (page) =>
  page.locator("#apply").evaluate((button) => {
    const now = performance.now();
    button.click();
    return now;
  });

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Fails unless axe finds nothing on the page as it stands. The pages hold no
 * frames, so axe needs no second page to gather its findings in (the legacy
 * mode), and only violations are asked for: four times as fast.
 */
export async function mustBeAccessible(page, state) {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).withTags(standards).setLegacyMode(true);
  const { violations } = await axe.analyze();
  const told = violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(" ")).join("; ")})`);
  assert.deepEqual(told, [], state);
}

/** Fails if the page can be scrolled sideways. */
export async function mustFit(page, state) {
  const [inner, width] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
  assert.ok(width <= inner, `${state}: ${width} px wide in a window of ${inner} px`);
}

/** What is cut or covers too much, in words; nothing if all can be read. */
const cuts = (page) =>
  page.evaluate(() => {
    const found = [];
    for (const element of document.querySelectorAll("body *")) {
      if (element.closest("svg, .maplibregl-map, .govuk-visually-hidden") || !element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.width <= 2 || box.height <= 2) continue; // for screen readers alone
      const hides = [style.overflowX, style.overflowY].some((value) => ["hidden", "clip"].includes(value)) || style.textOverflow === "ellipsis";
      if (hides && element.textContent.trim() && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) found.push(["cut", element]);
      if (["sticky", "fixed"].includes(style.position) && box.height > innerHeight / 3) found.push(["sticks", element]);
      const scrolls = element.closest(".app-scroll");
      if (!scrolls && box.left + scrollX < innerWidth && box.right + scrollX > innerWidth + 1) found.push(["sticks out", element]);
    }
    return found.map(([what, element]) => `${what}: ${element.tagName.toLowerCase()}.${[...element.classList].join(".")} "${element.textContent.trim().slice(0, 40)}"`);
  });

/**
 * Fails unless the page can be read at 400 %: a window of 1,280 by 1,024 pixels
 * has 320 by 256 of the page's own then, in which nothing is cut, nothing needs
 * sideways scrolling and nothing sticks over the rest.
 */
export async function mustBearZoom(page, state) {
  await page.setViewportSize({ width: 320, height: 256 });
  await mustFit(page, `${state} at 400 %`);
  assert.deepEqual(await cuts(page), [], `${state} at 400 %`);
}

/** Paths of single records, found as a reader would: an activity, how to get in touch about it, a supplier, a buyer, a contract. */
export async function anyRecords(page) {
  const first = async (path, selector) => {
    await page.goto(base + path);
    return page.locator(selector).first().getAttribute("href");
  };
  const activity = await first("/activities?status=validated&territory=norfolk", ".app-choose .app-list__title a");
  const table = ".app-table tbody th a";
  return [
    activity, `${activity}/contact`, await first("/organisations?role=supplier&territory=norfolk", table),
    await first("/organisations?role=buyer&territory=norfolk", table), await first("/contracts?territory=norfolk", table),
  ];
}
