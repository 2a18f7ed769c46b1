// The pages of records: picks, paper, refusals.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch, mustBeAccessible, mustFit, withPage } from "./browser.mjs";

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
