// The journeys of a buyer, an office and a supplier over the pages of records:
// by pointer, by keyboard alone, without JavaScript, at 320 pixels; axe on each.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch, mustBeAccessible, mustFit, open, withPage } from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const plain = { javaScriptEnabled: false };
const site = "52.6309 1.2974";

/** Moves the focus on with Tab until the element has it, as a reader would. */
async function tabTo(page, locator) {
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press("Tab");
    if (await locator.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`Tab does not reach ${locator}`);
}

/** The ids of the activities that a schedule's address holds. */
const picked = (page) => (new URL(page.url()).searchParams.get("pick") ?? "").split(",").filter(Boolean);

async function buyer(page, act) {
  await page.goto(`${base}/activities?status=validated&territory=norfolk`);
  const boxes = page.locator(".app-choose .govuk-checkboxes__input");
  assert.ok((await boxes.count()) >= 3);
  const names = await page.locator(".app-choose .app-list__title a").allInnerTexts();
  await act.tick(boxes.nth(0));
  await act.tick(boxes.nth(1));
  await act.press(page.getByRole("button", { name: "Compare picked" }).first());
  await page.waitForURL(/\/activities\/compare\?/);
  assert.equal(picked(page).length, 2);
  for (const name of names.slice(0, 2)) assert.ok(await page.locator("thead").getByText(name, { exact: true }).isVisible() || (await page.locator("table").innerText()).includes(name), name);
  await act.press(page.getByRole("link", { name: "Make a schedule of these" }));
  await page.waitForURL(/\/schedule\?/);
  const titles = await page.locator(".app-schedule h2").allInnerTexts();
  assert.deepEqual(titles.toSorted(), names.slice(0, 2).toSorted());
  const href = await page.getByRole("link", { name: "CSV" }).getAttribute("href");
  const file = await page.request.get(base + href);
  const lines = (await file.text()).trim().split(/\r?\n/).slice(1);
  for (const id of picked(page)) assert.ok(lines.some((line) => line.startsWith(id)), `${id} is not in the file`);
}

async function office(page, act) {
  await page.goto(`${base}/coverage`);
  await act.press(page.getByRole("link", { name: "Norfolk", exact: true }));
  await page.waitForURL(/territory=norfolk/);
  assert.equal(await page.locator("section[aria-labelledby=worst-title] li").count(), 10);
  await act.press(page.getByRole("link", { name: "Delivery, sectors and contracts" }));
  await page.waitForURL(/\/places\/norfolk\?view=collaborations/);
  assert.ok(await page.getByRole("heading", { name: "Sectors, and who is not engaged yet" }).isVisible());
  await act.press(page.getByRole("link", { name: "Measurement", exact: true }));
  await page.waitForURL(/view=measurement/);
  assert.ok((await page.locator(".app-chart").count()) > 0);
}

async function supplier(page, act) {
  await page.goto(`${base}/nearby`);
  await act.fill(page.getByLabel("Your sites"), site);
  await act.press(page.getByRole("button", { name: /^(Find|Show|Search)/ }).first());
  await page.waitForURL(/site=/);
  await act.press(page.locator(".app-match__ways a").first()); // the second action
  await page.waitForURL(/\/contact/);
  assert.match(await page.getByLabel("Your message").inputValue(), /would like to support it as social value/);
  assert.ok(!(await page.locator("main").innerText()).includes("@"));
}

const pointer = {
  tick: (box) => box.check(),
  press: (target) => target.click(),
  fill: (field, text) => field.fill(text),
};
const keyboard = (page) => ({
  async tick(box) {
    await tabTo(page, box);
    await page.keyboard.press("Space");
    assert.ok(await box.isChecked());
  },
  async press(target) {
    await tabTo(page, target);
    await page.keyboard.press("Enter");
  },
  async fill(field, text) {
    await tabTo(page, field);
    await page.keyboard.type(text);
  },
});

for (const [name, journey] of Object.entries({ buyer, office, supplier })) {
  test(`${name}: by pointer`, () => withPage(browser, {}, (page) => journey(page, pointer)));
  test(`${name}: by keyboard alone, without JavaScript`, () => withPage(browser, plain, (page) => journey(page, keyboard(page))));
  test(`${name}: at 320 pixels`, () =>
    withPage(browser, { viewport: { width: 320, height: 640 } }, async (page) => {
      await journey(page, pointer);
      await mustFit(page, name);
    }));
}

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

/** Addresses of single records, found as a reader would. */
async function records(page) {
  const first = async (path, selector) => {
    await page.goto(base + path);
    return page.locator(selector).first().getAttribute("href");
  };
  return [
    (await first("/activities?status=validated&territory=norfolk", ".app-choose .app-list__title a")),
    (await first("/organisations?role=supplier&territory=norfolk", ".app-table tbody th a")),
    (await first("/organisations?role=buyer&territory=norfolk", ".app-table tbody th a")),
    (await first("/contracts?territory=norfolk", ".app-table tbody th a")),
  ];
}

test("axe and 320 pixels: an activity, organisations, a contract, how to get in touch", () =>
  withPage(browser, { viewport: { width: 320, height: 640 } }, async (page) => {
    const paths = await records(page);
    for (const path of [...paths, `${paths[0]}/contact`]) {
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
