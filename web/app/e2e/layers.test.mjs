// What the first page can show, and ways to keep it: layers, time, organisations,
// flows, links, pictures, frames.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { applyFilters, base, launch, mapRests, mustBeAccessible, open, settled, withPage } from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const sentence = (page) => page.locator("#sentence").innerText();
const total = (page) => page.locator("#figures tfoot tr").last().locator('td[data-label="Value"]').innerText();

/** Pounds and pence as whole pence. */
const pence = (text) => Math.round(Number(text.replaceAll(/[£,]/g, "")) * 100);

/** Reads what is under the middle of the map, by keyboard. */
async function pickMiddle(page) {
  await page.locator(".maplibregl-canvas").focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".app-reader__title");
  return page.locator(".app-reader").innerText();
}

test("layers follow one another without loading the page, and back brings the one before", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/?theme=safer#map=6/52.6/-1");
    await page.evaluate(() => (window.here = true));
    for (const [name, query, key] of [["Territories", "layer=territories&theme=safer", "Pounds"], ["Flows", "layer=flows&theme=safer", "The largest flows"], ["Activities", "layer=activities&theme=safer", "Activities per territory"]]) {
      await page.getByRole("navigation", { name: "Layer" }).getByRole("link", { name, exact: true }).click();
      await page.waitForFunction((want) => location.search === `?${want}`, query);
      await page.waitForFunction((want) => document.getElementById("map-key")?.textContent.includes(want), key);
      assert.match(page.url(), /#map=6\/52\.6\/-1$/, name);
    }
    await page.goBack();
    await page.waitForFunction(() => document.querySelector(".app-layers [aria-current]").textContent === "Flows");
    assert.ok(await page.evaluate(() => window.here), "the page was loaded anew");
  }));

test("a filter fetches the tiles of what it leaves, and of that alone", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/");
    const tiles = [];
    page.context().on("request", (request) => request.url().includes(".mvt") && tiles.push(request.url()));
    const filtered = page.waitForRequest((request) => /\/tiles\/heat\/.*\.mvt\?theme=safer$/.test(request.url()));
    await page.getByLabel("Safer", { exact: true }).check();
    await page.getByRole("button", { name: "Apply filters" }).click();
    await filtered;
    assert.deepEqual(tiles.filter((url) => !url.includes("/heat/")), [], "boundaries know of no filter");
  }));

/** Counts the coloured pixels of every frame that the map draws from now on. */
const countColours = (page) =>
  page.addInitScript(() => {
    window.frames0 = [];
    const small = new OffscreenCanvas(160, 100).getContext("2d", { willReadFrequently: true });
    const later = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (draw) =>
      later((time) => {
        draw(time);
        const canvas = document.querySelector(".maplibregl-canvas");
        if (!canvas) return;
        small.clearRect(0, 0, 160, 100);
        small.drawImage(canvas, 0, 0, 160, 100);
        const { data } = small.getImageData(0, 0, 160, 100);
        if (data[3] === 0) return; // nothing was drawn in this frame
        let coloured = 0;
        for (let at = 0; at < data.length; at += 4) {
          const rgb = [data[at], data[at + 1], data[at + 2]];
          if (Math.max(...rgb) - Math.min(...rgb) > 40) coloured++;
        }
        window.frames0.push(coloured);
      });
  });

for (const layer of ["heat", "territories", "activities"]) {
  test(`a filter leaves no frame without colours: ${layer}`, () =>
    withPage(browser, {}, async (page) => {
      await countColours(page);
      await open(page, `/?layer=${layer}`);
      const whole = await page.evaluate(() => window.frames0.at(-1));
      assert.ok(whole > 100, `${whole} coloured pixels`);
      await page.context().route("**/*.mvt*", async (route) => {
        await new Promise((done) => setTimeout(done, 500));
        await route.continue();
      });
      await page.evaluate(() => (window.frames0 = []));
      await page.locator("#theme-safer").check();
      await mapRests(page, await applyFilters(page));
      await page.context().unroute("**/*.mvt*");
      const frames = await page.evaluate(() => window.frames0);
      const least = Math.min(whole, frames.at(-1)) * 0.8;
      assert.ok(least > 100, "the filter leaves too little to tell by");
      assert.deepEqual(frames.filter((coloured) => coloured < least), [], `of ${frames.length} frames, before ${whole}, in the end ${frames.at(-1)}`);
    }));
}

test("the numbers of the map, the table, the sentence and the files are the same", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/?layer=territories&from=2024-04-01&to=2025-03-31#map=8/52.65/1.0");
    const norfolk = page.locator('#figures tr[data-id="norfolk"] td[data-label="Value"]');
    assert.match(await pickMiddle(page), new RegExp(`Value: ${(await norfolk.innerText()).replaceAll(/[.£]/g, "\\$&")}`));
    const all = pence(await total(page));
    assert.ok((await sentence(page)).startsWith(await total(page)));
    const rows = await page.locator('#figures tr[data-id] td[data-label="Value"], #figures tfoot tr:not(:last-child) td[data-label="Value"]').allInnerTexts();
    assert.equal(rows.reduce((sum, text) => sum + pence(text), 0), all, "the rows add up");
    const href = await page.locator(".app-downloads a", { hasText: "CSV" }).getAttribute("href");
    const [head, ...lines] = (await (await page.request.get(base + href)).text()).trim().split(/\r?\n/);
    const at = head.split(",").indexOf("value_pounds");
    assert.equal(lines.reduce((sum, line) => sum + pence(line.match(/("[^"]*"|[^,]*)(,|$)/g)[at].replace(/,$/, "")), 0), all, "the file adds up");
    const heat = await (await page.request.get(`${base}/api/v1/heat?from=2024-04-01&to=2025-03-31`)).json();
    assert.equal(heat.rows.reduce((sum, row) => sum + row[2], 0) + heat.unallocated.pence + heat.withheld.pence, all, "the hexagons add up");
  }));

for (const [layer, hash, what] of [["heat", "#map=8/51.5/-0.1", /^£[\d,.]+\n.*contributions.*square kilometres/s], ["areas", "#map=9/51.75/-1.26", /Value: £.*See the page of/s], ["gaps&territory=norfolk", "#map=10/52.63/1.29", /Worst state: /]]) {
  test(`the keyboard reads what is under the cross: ${layer}`, () =>
    withPage(browser, {}, async (page) => {
      await open(page, `/?layer=${layer}${hash}`);
      assert.match(await pickMiddle(page), what);
      await mustBeAccessible(page, `picked of ${layer}`);
    }));
}

test("the slider says where it stands while it is dragged, and asks only when it is let go", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/?layer=territories");
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    const slider = page.getByRole("slider", { name: "Period" });
    await slider.evaluate((range) => {
      for (const at of [1, 2, 3]) {
        range.value = String(at);
        range.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    assert.match(await page.locator("#time-now").innerText(), /^April \d{4} to March \d{4}$/);
    assert.equal(await slider.getAttribute("aria-valuetext"), await page.locator("#time-now").innerText());
    assert.deepEqual(asked, []);
    await slider.evaluate((range) => range.dispatchEvent(new Event("change", { bubbles: true })));
    await page.waitForFunction(() => /^\?from=\d{4}-04-01&layer=territories&to=\d{4}-03-31$/.test(location.search));
    await page.locator("#time-next").click();
    await page.waitForFunction(() => document.querySelectorAll(".app-chip").length === 2);
    await page.locator("#time-others").click();
    await page.waitForFunction(() => document.querySelectorAll(".app-time__steps li").length > 12);
    await mustBeAccessible(page, "by quarter");
  }));

test("an organisation is added to the filter by name, with the keyboard alone", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/?layer=territories&territory=norfolk&view=table");
    await page.locator("#filter-more > summary").focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Buyer, supplier or provider").focus();
    await page.keyboard.type("planted builders");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search\?/);
    await page.getByRole("link", { name: /^Only what it gave/ }).first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/\?layer=territories&supplier=[0-9a-f-]{36}&territory=norfolk/);
    assert.match(await page.locator(".app-chips").innerText(), /Planted Builders/);
    assert.match(await sentence(page), /^£/);
  }));

test("flows are a diagram and a matrix, whose figures lead to the rows behind them", () =>
  withPage(browser, {}, async (page) => {
    await page.goto(`${base}/flows?view=diagram`);
    await page.waitForSelector("#sankey svg");
    // Every row is a band, those that stand for many too: together they are the total.
    const rows = await page.locator("#flows-table tbody tr").evaluateAll((all) => all.map((row) => Number(row.dataset.value)));
    assert.equal(await page.locator(".app-sankey__link").count(), rows.length);
    assert.ok(/smaller flows/.test(await page.locator(".app-sankey__link--rest title").first().textContent()));
    assert.equal(rows.reduce((sum, n) => sum + n, 0), pence((await sentence(page)).match(/^£[\d,.]+/)[0]));
    await mustBeAccessible(page, "diagram");
    await page.goto(`${base}/flows?view=matrix`);
    await mustBeAccessible(page, "matrix");
    const cell = page.locator(".app-class-7 a").first();
    const pounds = (await cell.getAttribute("title")).split(": ").at(-1);
    await cell.click();
    await page.waitForURL(/\/contributions\?/);
    assert.ok((await sentence(page)).startsWith(pounds), await sentence(page));
  }));

test("a link, code for a frame, a picture and paper keep what is shown", () =>
  withPage(browser, { acceptDownloads: true }, async (page) => {
    await open(page, "/?layer=territories#map=6/52.6/-1");
    await page.getByRole("button", { name: "Code to embed" }).click();
    assert.match(await page.locator("#keep-code").inputValue(), /^<iframe src="http[^"]+\/embed\?layer=territories#map=6\/52\.6\/-1"/);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Picture (PNG)" }).click()]);
    assert.equal(file.suggestedFilename(), "tributary-map.png");
    const chunks = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk);
    const png = Buffer.concat(chunks);
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    const map = await page.locator(".maplibregl-canvas").evaluate((canvas) => [canvas.width, canvas.height]);
    assert.equal(png.readUInt32BE(16), map[0]);
    assert.ok(png.readUInt32BE(20) > map[1] + 200, "title, key and sources have no room");
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator(".app-map__paper").isVisible());
    assert.ok(!(await page.locator(".app-map__still img").isVisible()));
  }));

test("the map works in a frame of another page", () =>
  withPage(browser, {}, async (page) => {
    await page.route(`${base}/another-page`, (route) => route.fulfill({ contentType: "text/html", body: `<!DOCTYPE html><title>Another page</title><iframe src="${base}/embed?layer=territories&territory=norfolk" width="700" height="800" title="map"></iframe>` }));
    await page.goto(`${base}/another-page`);
    const frame = page.frameLocator("iframe");
    await frame.locator('html[data-map="ready"]').waitFor({ state: "attached" });
    assert.equal(await frame.locator("header, footer").count(), 0);
    assert.match(await frame.getByRole("link", { name: "Open this view in Tributary" }).getAttribute("href"), /\/\?layer=territories&territory=norfolk$/);
  }));

test("the same state is the same picture, pixel by pixel", () =>
  withPage(browser, {}, async (page) => {
    const pictures = [];
    for (const layer of ["heat", "territories", "flows"]) {
      for (let i = 0; i < 2; i++) {
        await page.goto("about:blank");
        await open(page, `/?${layer === "heat" ? "" : `layer=${layer}`}#map=6/52.6/-1`);
        pictures.push(await page.locator(".app-map__live canvas").screenshot());
      }
      const [first, second] = pictures.splice(0);
      assert.ok(first.equals(second), layer);
    }
  }));

/** The id of one of the demonstration's activities of a name. */
async function activity(page, name) {
  const { items } = await (await page.request.get(`${base}/api/v1/search?${new URLSearchParams({ q: name })}`)).json();
  const found = items.find((item) => item.kind === "activity" && item.name.startsWith(name));
  assert.ok(found, `no activity is found by ${name}`);
  return found.id;
}

const elsewhere = "https://www.bbc.co.uk/weather";

for (const [by, leave] of [
  ["its button", (page) => page.getByRole("button", { name: "Exit this page" }).click()],
  ["three presses of Shift", async (page) => {
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press("Shift");
  }],
  ["the second stop of the Tab key", async (page) => {
    for (const key of ["Tab", "Tab", "Enter"]) await page.keyboard.press(key);
  }],
]) {
  test(`a page for victims of crime is left at once by ${by}`, () =>
    withPage(browser, { leavesFor: elsewhere }, async (page) => {
      await open(page, `/activities/${await activity(page, "Listening service")}`);
      const button = page.getByRole("button", { name: "Exit this page" });
      assert.equal(await button.getAttribute("href"), elsewhere);
      assert.ok(await button.isVisible());
      if (by === "its button") await mustBeAccessible(page, "exit this page");
      await leave(page);
      await page.waitForURL(elsewhere);
    }));
}

test("a page for everybody has no button to leave it", () =>
  withPage(browser, {}, async (page) => {
    await open(page, `/activities/${await activity(page, "Active bystander course")}`);
    assert.equal(await page.locator(".govuk-exit-this-page, .govuk-js-exit-this-page-skiplink").count(), 0);
  }));

test("nothing under the filters says so, and what to do", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/?from=2001&to=2002");
    assert.match(await sentence(page), /^No contributions/);
    await page.getByRole("link", { name: "clear all filters" }).first().click();
    await page.waitForFunction(() => location.search === "");
    await settled(page);
  }));
