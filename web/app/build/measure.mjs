// Measures the first page in headless Chromium: how soon it shows something, how
// soon the map rests, what that fetches, and how soon the map rests again after a
// filter. TRIBUTARY_URL=… npm run measure [RUNS]
import { applyFilters, base, launch, mapRests } from "../e2e/browser.mjs";

const runs = Number(process.argv[2] ?? 5);
const middle = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const figures = { "first contentful paint, ms": [], "map idle, ms": [], "tiles of the first view": [], "kB of the first view, as sent": [], "filter to map idle, ms": [] };

const browser = await launch();
try {
  for (let i = 0; i < runs; i++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
    const page = await context.newPage();
    let bytes = 0;
    let tiles = 0;
    // The worker's requests are not the page's: count all of the context's by their headers.
    context.on("response", async (response) => {
      if (response.url().includes(".mvt")) tiles++;
      bytes += Number((await response.allHeaders())["content-length"] ?? 0);
    });
    await page.goto(`${base}/`);
    figures["map idle, ms"].push(await mapRests(page, 0));
    figures["first contentful paint, ms"].push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0));
    await page.waitForTimeout(300);
    figures["tiles of the first view"].push(tiles);
    figures["kB of the first view, as sent"].push(bytes / 1000);
    await page.locator("#theme-safer").check();
    const start = await applyFilters(page);
    figures["filter to map idle, ms"].push((await mapRests(page, start)) - start);
    await context.close();
  }
} finally {
  await browser.close();
}
for (const [what, list] of Object.entries(figures)) console.log(`${what}: ${middle(list).toFixed(0)} (${list.map((v) => v.toFixed(0)).join(", ")})`);
