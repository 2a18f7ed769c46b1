// The first page: map, table, filters, search; by pointer and by keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch, open, settled, withPage } from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const sentence = (page) => page.locator("#sentence").innerText();

test("the live map comes up with at most 8 tiles, its key, switches and buttons", () =>
  withPage(browser, {}, async (page) => {
    const tiles = [];
    page.context().on("request", (request) => request.url().includes(".mvt") && tiles.push(request.url()));
    await open(page, "/");
    assert.ok(tiles.length > 0 && tiles.length <= 8, `${tiles.length} tiles`);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.map), "ready");
    for (const name of ["Zoom in", "Zoom out", "Move the map up", "Show the whole map again"]) {
      assert.ok(await page.getByRole("button", { name }).isVisible(), name);
    }
    assert.equal(await page.locator(".app-switches input").count(), 5);
    assert.equal(await page.locator("#figures tbody tr").count(), 45);
  }));

test("filters go to the address, and back and forward work", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/");
    const all = await sentence(page);
    await page.getByLabel("Validated", { exact: true }).check();
    await page.getByLabel("Police territory", { exact: true }).selectOption({ label: "Norfolk" });
    await page.getByRole("button", { name: "Apply filters" }).click();
    await page.waitForFunction(() => location.search === "?status=validated&territory=norfolk");
    await page.waitForFunction((old) => document.getElementById("sentence").textContent !== old, all);
    const filtered = await sentence(page);
    assert.equal(await page.locator(".app-chips .app-chip").count(), 2);
    assert.ok(await page.getByLabel("Validated", { exact: true }).isChecked());

    await page.goBack();
    await page.waitForFunction((want) => document.getElementById("sentence").textContent.trim() === want, all);
    assert.ok(!(await page.getByLabel("Validated", { exact: true }).isChecked()));
    await page.goForward();
    await page.waitForFunction((want) => document.getElementById("sentence").textContent.trim() === want, filtered);

    await page.locator(".app-chip", { hasText: "Norfolk" }).click();
    await page.waitForFunction(() => location.search === "?status=validated");
    await page.locator(".app-filter__actions a", { hasText: "Clear" }).click();
    await page.waitForFunction(() => location.search === "");
    await page.waitForFunction((want) => document.getElementById("sentence").textContent.trim() === want, all);
  }));

test("tiles that have changed are fetched again", () =>
  withPage(browser, {}, async (page) => {
    let heard = false;
    await page.route("**/api/v1/changes", async (route) => {
      await page.waitForFunction(() => document.documentElement.dataset.map === "ready");
      heard = true;
      await route.fulfill({ contentType: "text/event-stream", body: 'id: 1\nevent: change\ndata: {"version":1,"layers":{"heat":null}}\n\n' });
    });
    const again = page.waitForRequest((request) => heard && /\/tiles\/heat\/.*\.mvt/.test(request.url()));
    await open(page, "/");
    await again;
  }));

test("a deep link shows what was shared", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/?layer=activities&theme=safer#map=8/52.65/1.1&layers=activities,regions");
    assert.ok(await page.getByLabel("Safer", { exact: true }).isChecked());
    assert.ok(await page.locator("#layer-regions").isChecked());
    assert.ok(!(await page.locator("#layer-shading").isChecked()));
    assert.match(page.url(), /#map=8\/52\.65\/1\.1/);
  }));

test("switching a layer goes to the address", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/");
    await page.locator("#layer-regions").check();
    await page.waitForFunction(() => location.hash.includes("layers=activities,shading,territories,regions,areas,towns"));
    await page.locator("#layer-regions").uncheck();
    await page.waitForFunction(() => !location.hash.includes("layers="));
  }));

test("the pointer picks a place; the keyboard reads the one under the cross, and moves the map", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/?layer=territories#map=8/52.65/1.0");
    const canvas = page.locator(".maplibregl-canvas");
    await canvas.click(); // in its middle
    await page.waitForFunction(() => document.querySelector(".app-reader__title")?.textContent === "Norfolk");
    await page.locator(".app-reader__title").evaluate((title) => (title.textContent = "")); // to be read anew
    await canvas.focus();
    await page.keyboard.press("Enter");
    const reader = page.locator(".app-reader");
    await page.waitForFunction(() => document.querySelector(".app-reader__title")?.textContent === "Norfolk");
    assert.match(await reader.innerText(), /Value: £/);
    assert.equal(await reader.getAttribute("role"), "status");
    const was = page.url();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("+");
    await page.waitForFunction((old) => location.href !== old, was);
    await reader.getByRole("link", { name: "See the page of Norfolk" }).click();
    await page.waitForURL(`${base}/places/norfolk`);
  }));

test("a district in the address is a chip with its name, and can be taken away", () =>
  withPage(browser, {}, async (page) => {
    const { items } = await (await page.request.get(`${base}/api/v1/areas?territory=thames-valley`)).json();
    await open(page, `/?layer=activities&area=${items[0].code}`);
    const chip = page.locator(".app-chip", { hasText: "Area:" });
    assert.ok((await chip.innerText()).includes(items[0].name));
    await chip.click();
    await page.waitForFunction(() => location.search === "?layer=activities");
    await page.waitForFunction(() => document.querySelector(".app-chip") === null);
  }));

test("a pick names the district too, and both names of a Welsh territory", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/?layer=activities&status=validated#map=10/51.75/-1.26&layers=areas,territories");
    await page.locator(".maplibregl-canvas").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: /^Show only / }).waitFor();
    const href = await page.getByRole("link", { name: /^Show only / }).getAttribute("href");
    assert.match(href, /^\/\?area=[^&]+&layer=activities&status=validated$/);
    await open(page, "/?layer=territories#map=9/53.0/-3.6");
    await page.reload();
    await settled(page);
    await page.locator(".maplibregl-canvas").focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(".app-reader__title");
    assert.equal(await page.locator('.app-reader [lang="cy"]').innerText(), "Gogledd Cymru");
  }));

test("buttons pan and zoom", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/#map=7/53/-1");
    for (const name of ["Zoom in", "Move the map left", "Show the whole map again"]) {
      const was = page.url();
      await page.getByRole("button", { name }).click();
      await page.waitForFunction((old) => location.href !== old, was);
    }
  }));

test("the table sorts, and its figures are those of the CSV", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/?layer=activities&view=table");
    assert.equal(await page.locator("#map").count(), 0);
    await page.locator(".app-sort", { hasText: "Activities" }).click();
    await page.waitForFunction(() => location.search.includes("sort=-activities"));
    await page.waitForFunction(() => document.querySelector('#figures th[aria-sort="descending"]') !== null);
    const counts = (await page.locator('#figures td[data-label="Activities"]').allInnerTexts()).map((n) => Number(n.replaceAll(",", "")));
    assert.deepEqual(counts, counts.toSorted((a, b) => b - a));
    const href = await page.locator(".app-downloads a", { hasText: "CSV" }).getAttribute("href");
    const answer = await page.request.get(base + href);
    assert.equal(answer.status(), 200);
    const [head, ...lines] = (await answer.text()).trim().split(/\r?\n/);
    assert.equal(lines.length, 45);
    assert.match(head, /activities/);
  }));

test("the table view loads no map", () =>
  withPage(browser, {}, async (page) => {
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await open(page, "/?view=table");
    await page.waitForLoadState("networkidle");
    assert.deepEqual(asked.filter((url) => /livemap|maplibre|tiles/.test(url)), []);
  }));

test("the skip link moves the focus and leaves the map's place in the address", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/#map=8/52.65/1");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main-content");
    assert.match(page.url(), /#map=8/);
  }));

test("search leads to a place", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/");
    await page.getByLabel("Find a place, postcode, activity or organisation").fill("norfolk");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search\?q=norfolk/);
    await page.locator(".app-list__title a", { hasText: /^Norfolk$/ }).first().click();
    await page.waitForURL(`${base}/places/norfolk`);
    await settled(page);
    assert.equal(await page.locator("h1").innerText(), "Norfolk");
  }));
