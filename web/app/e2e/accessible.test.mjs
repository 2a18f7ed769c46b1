// axe finds nothing on any page in any state, and addresses answer rightly.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch, mustBeAccessible, open, withPage } from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const pages = [
  "/", "/?view=table", "/?layer=territories&metric=per_head", "/?layer=areas&territory=norfolk", "/?layer=target_areas&region=E12000006", "/?layer=flows&territory=norfolk", "/?layer=activities", "/?layer=gaps", "/?layer=gaps&territory=norfolk", "/?steps=quarter&from=2025-04-01&to=2025-06-30", "/?type=training&supplier=00000000-0000-0000-0000-000000000000", "/embed", "/embed?layer=flows", "/contributions?territory=norfolk", "/contributions?from=2001&to=2002", "/flows?view=diagram", "/search?q=planted&territory=norfolk", "/?status=validated&territory=norfolk,essex", "/?status=suspended&theme=safer&territory=city-of-london",
  "/places/norfolk", "/places/north-wales", "/places/E12000006", "/search", "/search?q=nor", "/search?q=zzzzzz", "/search?q=", "/data", "/help", "/flows", "/flows?territory=norfolk&dims=type&period=2025-26", "/coverage", "/coverage?territory=norfolk", "/nearby", "/nearby?site=52.6309+1.2974&type=volunteering_time", "/nearby?site=nowhere", "/reports", "/reports/schedule?territory=norfolk", "/reports/partners",
];
for (const path of pages) {
  test(`axe: ${path}`, () =>
    withPage(browser, { mayFail: true }, async (page) => {
      await open(page, path);
      await mustBeAccessible(page, path);
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

const answers = [["/places/nowhere", 404], ["/activities/nothing", 404], ["/no-such-page", 404], ["/?colour=red", 400], ["/?sort=moons", 400], ["/?status=asleep", 400]];
for (const [path, status] of answers) {
  test(`${path} answers ${status} with a page that helps`, () =>
    withPage(browser, { mayFail: true }, async (page) => {
      const answer = await open(page, path);
      assert.equal(answer.status(), status);
      assert.ok((await page.locator("main a").count()) >= 2);
      await mustBeAccessible(page, path);
    }));
}

test("the policy allows no inline code and no other host", async () => {
  const answer = await fetch(`${base}/`);
  const policy = answer.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
});

test("Welsh names are marked as Welsh", () =>
  withPage(browser, {}, async (page) => {
    await open(page, "/places/north-wales");
    assert.equal(await page.locator('h1 [lang="cy"]').innerText(), "Gogledd Cymru");
  }));
