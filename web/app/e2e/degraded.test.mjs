// Less than a full browser: no JavaScript, no WebGL, no worker, a narrow
// window, paper.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch, mustBeAccessible, mustFit, open, withPage } from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const plain = { javaScriptEnabled: false };

test("without JavaScript the first page has the sentence, the still map with its key and the table", () =>
  withPage(browser, plain, async (page) => {
    await page.goto(`${base}/`);
    assert.ok((await page.locator("#sentence").innerText()).length > 10);
    assert.ok(await page.locator(".app-map__still img").evaluate((img) => img.complete && img.naturalWidth > 0));
    assert.ok(await page.locator("#map-key", { hasText: "Pounds per" }).isVisible());
    assert.equal(await page.locator("#figures tbody tr").count(), 45);
  }));

test("without JavaScript filters, sorting and search are plain forms and links", () =>
  withPage(browser, plain, async (page) => {
    await page.goto(`${base}/`);
    await page.locator("#theme-safer").check();
    await page.locator("#theme-healthier").check();
    await page.locator("#apply").click();
    assert.match(new URL(page.url()).search, /^\?theme=(safer,healthier|healthier,safer)$/);
    assert.equal(await page.locator(".app-chip").count(), 2);
    await page.locator(".app-sort", { hasText: "Value" }).click();
    assert.match(page.url(), /sort=-value/);
    await page.locator("#q").fill("norfolk");
    await page.locator(".app-search__button").click();
    await page.locator(".app-list__title a", { hasText: /^Norfolk$/ }).first().click();
    assert.equal(page.url(), `${base}/places/norfolk`);
    assert.ok(await page.locator(".app-map__still img").isVisible());
  }));

test("without WebGL the still map and the table stay, and no map code is fetched", async () => {
  const flat = await launch("--disable-3d-apis");
  try {
    await withPage(flat, {}, async (page) => {
      const asked = [];
      page.on("request", (request) => asked.push(request.url()));
      await open(page, "/");
      assert.equal(await page.evaluate(() => document.documentElement.dataset.map), "none");
      assert.ok(await page.locator(".app-map__still img").isVisible());
      assert.match(await page.locator(".app-map__reason").innerText(), /still/);
      assert.deepEqual(asked.filter((url) => /livemap|\.mvt/.test(url)), []);
      await mustBeAccessible(page, "no WebGL");
    });
  } finally {
    await flat.close();
  }
});

/** Fails unless the still map stands in for the live one, with the reason. */
async function mustShowStill(page, reason) {
  await page.waitForFunction(() => document.documentElement.dataset.map === "none");
  assert.match(await page.locator(".app-map__reason").innerText(), reason);
  assert.ok(await page.locator(".app-map__still img").isVisible());
  assert.ok(await page.locator("#map-key").isVisible());
  assert.equal(await page.locator(".app-map__live, .app-reader, .app-switches").count(), 0);
  assert.equal(await page.locator("#figures tbody tr").count(), 45);
}

const worker = /maplibre-gl-worker/;

test("a blocked worker brings the still map back", () =>
  withPage(browser, { mayFail: true }, async (page) => {
    await page.route(worker, (route) => route.abort());
    await page.goto(`${base}/`);
    await mustShowStill(page, /could not start/);
    await mustBeAccessible(page, "worker blocked");
  }));

test("a map that does not come up within 20 seconds gives way to the still one", () =>
  withPage(browser, { mayFail: true }, async (page) => {
    await page.clock.install();
    await page.route(worker, () => {}); // never answers
    await page.goto(`${base}/`);
    await page.waitForSelector(".app-switches"); // the live map has been set up
    assert.equal(await page.evaluate(() => document.documentElement.dataset.map), undefined);
    await page.clock.fastForward(20_000);
    await mustShowStill(page, /took too long/);
  }));

test("paper gets the still map with its key and the table, without controls", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/");
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 680, height: 980 }); // A4 within its margins
    await mustFit(page, "paper");
    for (const kept of [".app-map__still img", "#map-key", "#figures table"]) assert.ok(await page.locator(kept).isVisible(), kept);
    for (const gone of [".app-filter", ".app-map__live", ".app-search", ".app-switches"]) assert.ok(!(await page.locator(gone).first().isVisible()), gone);
  }));
