// Less than a full browser: no JavaScript, no WebGL, a narrow window, paper.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { base, launch, mustBeAccessible, mustFit, open, withPage } from "./browser.mjs";

describe("without JavaScript", () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());
  const plain = { javaScriptEnabled: false };

  test("the first page has the sentence, the still map and the table", () =>
    withPage(browser, plain, async (page) => {
      await page.goto(`${base}/`);
      assert.ok((await page.locator("#sentence").innerText()).length > 10);
      assert.ok(await page.locator(".app-map__still img").evaluate((img) => img.complete && img.naturalWidth > 0));
      assert.equal(await page.locator("#figures tbody tr").count(), 45);
    }));

  test("filters, sorting and search are plain forms and links", () =>
    withPage(browser, plain, async (page) => {
      await page.goto(`${base}/`);
      await page.locator("#theme-safer").check();
      await page.locator("#theme-healthier").check();
      await page.locator("#apply").click();
      assert.match(new URL(page.url()).search, /^\?theme=(safer,healthier|healthier,safer)$/);
      assert.equal(await page.locator(".app-chip").count(), 2);
      await page.locator(".app-sort", { hasText: "Activities" }).click();
      assert.match(page.url(), /sort=-activities/);
      await page.locator("#q").fill("norfolk");
      await page.locator(".app-search__button").click();
      await page.locator(".app-list__title a", { hasText: /^Norfolk$/ }).first().click();
      assert.equal(page.url(), `${base}/places/norfolk`);
      assert.ok(await page.locator(".app-map__still img").isVisible());
    }));
});

test("without WebGL the still map and the table stay, and no map code is fetched", async () => {
  const browser = await launch("--disable-3d-apis");
  try {
    await withPage(browser, {}, async (page) => {
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
    await browser.close();
  }
});

describe("a window of 320 pixels", () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());
  for (const path of ["/", "/?view=table&sort=-activities&theme=safer", "/places/norfolk", "/places/E12000006", "/search?q=nor", "/data", "/help", "/places/nowhere"]) {
    test(`${path} needs no sideways scrolling`, () =>
      withPage(browser, { viewport: { width: 320, height: 640 }, mayFail: true }, async (page) => {
        await open(page, path);
        await mustFit(page, path);
        await mustBeAccessible(page, `${path} at 320 px`);
      }));
  }
});

test("paper gets the still map and the table, without controls", async () => {
  const browser = await launch();
  try {
    await withPage(browser, {}, async (page) => {
      await open(page, "/");
      await page.emulateMedia({ media: "print" });
      assert.ok(await page.locator(".app-map__still img").isVisible());
      assert.ok(await page.locator("#figures table").isVisible());
      for (const gone of [".app-filter", ".app-map__live", ".app-search"]) assert.ok(!(await page.locator(gone).first().isVisible()), gone);
    });
  } finally {
    await browser.close();
  }
});
