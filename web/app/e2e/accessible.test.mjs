// axe finds nothing where a live map is drawn, and addresses answer rightly. What
// pages without one look like is looked at in states.test.mjs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch, mustBeAccessible, mustBearZoom, mustFit, open, withPage } from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const isLive = (page) => page.evaluate(() => document.documentElement.dataset.map === "ready");

for (const path of ["/", "/?layer=territories&metric=per_head", "/?layer=areas&territory=norfolk", "/?layer=target_areas&region=E12000006", "/?layer=flows&territory=norfolk", "/?layer=activities", "/?layer=gaps", "/embed?layer=flows", "/places/norfolk", "/coverage?territory=norfolk"]) {
  test(`axe with the live map: ${path}`, () =>
    withPage(browser, {}, async (page) => {
      await open(page, path);
      assert.ok(await isLive(page));
      await mustBeAccessible(page, path);
    }));
}

for (const path of ["/", "/?layer=gaps&territory=norfolk", "/embed?layer=territories"]) {
  test(`the live map on a phone and at 400 %: ${path}`, () =>
    withPage(browser, { viewport: { width: 320, height: 640 } }, async (page) => {
      await open(page, path);
      assert.ok(await isLive(page));
      await mustFit(page, path);
      await mustBeAccessible(page, path);
      await mustBearZoom(page, path);
    }));
}

test("axe: a place read out from the map", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/#map=8/52.65/1.0");
    await page.locator(".maplibregl-canvas").focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(".app-reader__title");
    await mustBeAccessible(page, "after Enter");
  }));

test("axe: forced colours", () =>
  withPage(browser, { forcedColors: "active" }, async (page) => {
    await open(page, "/?status=validated");
    await mustBeAccessible(page, "forced colours");
  }));

const answers = [
  ["/places/nowhere", 404], ["/places/atlantis?view=engagement", 404], ["/activities/nothing", 404], ["/activities/nothing/contact", 404], ["/organisations/nobody", 404], ["/contracts/nothing", 404], ["/no-such-page", 404],
  ["/?colour=red", 400], ["/?sort=moons", 400], ["/?status=asleep", 400], ["/activities?colour=red", 400], ["/schedule?pick=1", 400], ["/compare?with_territory=atlantis", 400],
];
test("what is not there, or not understood, is answered by a page that helps", async (t) => {
  for (const [path, status] of answers) {
    await t.test(`${path}: ${status}`, () =>
      withPage(browser, { mayFail: true }, async (page) => {
        const answer = await open(page, path);
        assert.equal(answer.status(), status);
        assert.ok((await page.locator("main a").count()) >= 2);
        await mustBeAccessible(page, path);
      }));
  }
});

test("the policy allows no inline code and no other host", async () => {
  const answer = await fetch(`${base}/`);
  const policy = answer.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
});

test("Welsh names are marked as Welsh", () =>
  withPage(browser, {}, async (page) => {
    await page.goto(`${base}/places/north-wales`);
    assert.equal(await page.locator('h1 [lang="cy"]').innerText(), "Gogledd Cymru");
  }));
