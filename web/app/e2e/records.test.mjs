// The pages of records in every state: axe, 320 pixels, picks, paper, refusals.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { anyRecords, base, launch, mustBeAccessible, mustFit, open, withPage } from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const plain = { javaScriptEnabled: false };
/** The ids of the activities that a schedule's address holds. */
const picked = (page) => (new URL(page.url()).searchParams.get("pick") ?? "").split(",").filter(Boolean);

test("picks stay over filters and the next page, without JavaScript", () =>
  withPage(browser, plain, async (page) => {
    await page.goto(`${base}/activities?status=validated`);
    const box = page.locator(".app-choose .govuk-checkboxes__input").first();
    const id = await box.getAttribute("value");
    await box.check();
    await page.getByRole("button", { name: "Next activities" }).click();
    assert.deepEqual(picked(page), [id]);
    await page.locator("#theme-safer").check();
    await page.getByRole("button", { name: "Apply filters" }).click();
    assert.deepEqual(picked(page), [id]);
    assert.match(page.url(), /theme=safer/);
    await page.goBack();
    assert.deepEqual(picked(page), [id]);
  }));

test("axe and 320 pixels: an activity, organisations, a contract, how to get in touch", () =>
  withPage(browser, { viewport: { width: 320, height: 640 } }, async (page) => {
    for (const path of await anyRecords(page)) {
      await open(page, path);
      await mustFit(page, path);
      await mustBeAccessible(page, path);
    }
  }));

const pages = [
  "/activities?status=validated&territory=norfolk", "/activities?status=suspended", "/activities/compare", "/schedule", "/organisations?territory=norfolk", "/organisations?q=zzzz", "/contracts?territory=norfolk",
  "/places/norfolk?view=collaborations", "/places/norfolk?view=measurement", "/places/norfolk?view=engagement", "/places/E12000006?view=collaborations", "/places/E07000148", "/places/GB-NFK",
  "/compare", "/compare?territory=norfolk&with_territory=suffolk", "/coverage?territory=thames-valley", "/nearby?site=60.39+-1.2&within=1", "/data", "/help",
];
for (const path of pages) {
  for (const width of [1100, 320]) {
    test(`axe at ${width}: ${path}`, () =>
      withPage(browser, { viewport: { width, height: 720 }, mayFail: true }, async (page) => {
        await open(page, path);
        await mustFit(page, path);
        await mustBeAccessible(page, path);
      }));
  }
}

const answers = [["/places/atlantis?view=engagement", 404], ["/organisations/nobody", 404], ["/contracts/nothing", 404], ["/activities/nothing/contact", 404], ["/activities?colour=red", 400], ["/schedule?pick=1", 400], ["/compare?with_territory=atlantis", 400]];
for (const [path, status] of answers) {
  test(`${path} answers ${status} with a page that helps`, () =>
    withPage(browser, { mayFail: true }, async (page) => {
      const answer = await open(page, path);
      assert.equal(answer.status(), status);
      assert.ok((await page.locator("main a").count()) >= 2);
      await mustBeAccessible(page, path);
    }));
}

test("an upload that is no CSV is refused by a page that says what to do", () =>
  withPage(browser, { mayFail: true }, async (page) => {
    await page.goto(`${base}/nearby`);
    await page.getByText("Many sites: upload a file").click();
    await page.locator("#sites").setInputFiles({ name: "photo.csv", mimeType: "text/csv", buffer: Buffer.from('name,town\n"x') });
    const answer = page.waitForResponse((r) => r.request().method() === "POST");
    await page.getByRole("button", { name: "Upload" }).click();
    assert.equal((await answer).status(), 400);
    assert.match(await page.locator(".govuk-error-summary").innerText(), /CSV|column postcode/);
    await mustBeAccessible(page, "an upload that is no CSV");
  }));

test("a schedule on paper has its measures and none of the controls", () =>
  withPage(browser, {}, async (page) => {
    await page.goto(`${base}/activities?status=validated&territory=norfolk`);
    const ids = await page.locator(".app-choose .govuk-checkboxes__input").evaluateAll((boxes) => boxes.slice(0, 3).map((box) => box.value));
    await page.goto(`${base}/schedule?pick=${ids.join(",")}&title=Cleaning`);
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 680, height: 980 });
    await mustFit(page, "paper");
    assert.equal(await page.locator(".app-schedule").count(), 3);
    for (const gone of [".app-report-form", ".app-downloads", ".govuk-back-link", ".app-noprint"]) assert.ok(!(await page.locator(gone).first().isVisible()), gone);
  }));
