// The journeys of a buyer, an office and a supplier, from the first page to what
// they came for. Each is told once, and gone in every way.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { base, launch, mustFit, settled, withPage } from "./browser.mjs";
import { findOnMap, keyboard, pointer } from "./hands.mjs";
import { unzip } from "./unzip.mjs";

let browser;
let flat; // draws no WebGL
before(async () => ([browser, flat] = await Promise.all([launch(), launch("--disable-3d-apis")])));
after(() => Promise.all([browser.close(), flat.close()]));

const ways = {
  "by pointer": { hands: pointer, live: true },
  "by keyboard alone": { hands: keyboard, live: true },
  "by keyboard alone, without JavaScript": { hands: keyboard, options: { javaScriptEnabled: false } },
  "at 320 pixels, without WebGL": { hands: pointer, flat: true, options: { viewport: { width: 320, height: 640 } } },
};

/** Somebody on their way over the pages. */
class Traveller {
  constructor(page, way) {
    Object.assign(this, { page, live: way.live ?? false, hands: way.hands(page), actions: 0 });
  }

  /** Goes to a page, which nothing on the way may make wider than the window. */
  async arrived() {
    if (this.live) await settled(this.page);
    await mustFit(this.page, this.page.url());
  }

  /** Presses what leads to another address. */
  async press(target, address) {
    const here = this.page.url();
    this.actions++;
    await this.hands.press(target);
    await this.page.waitForURL(address ?? ((url) => url.href !== here));
    await this.arrived();
  }

  /** Chooses from the navigation, which is folded on narrow screens. */
  async menu(name) {
    const fold = this.page.getByRole("button", { name: "Menu" });
    if (await fold.isVisible()) await this.hands.press(fold);
    await this.press(this.page.getByRole("navigation", { name: "Menu" }).getByRole("link", { name, exact: true }));
  }

  /** Chooses a territory among the filters, which are folded on narrow screens, and applies them. */
  async filterBy(territory, address) {
    const list = this.page.locator("#territory");
    if (!(await list.isVisible())) await this.hands.press(this.page.locator(".app-filter__summary").first());
    await this.hands.choose(list, territory);
    await this.press(this.page.getByRole("button", { name: "Apply filters" }), address);
  }

  link(name) {
    return this.page.getByRole("link", { name, exact: true });
  }

  /** Takes a file away; returns its name and bytes. */
  async download(target) {
    const [file] = await Promise.all([this.page.waitForEvent("download"), this.hands.press(target)]);
    return [file.suggestedFilename(), readFileSync(await file.path())];
  }

  /** What the map says of a place, live or, where it is still, by the table beside it. */
  async map(name) {
    if (this.live) return findOnMap(this.page, this.hands, name);
    assert.ok(await this.page.locator(".app-map__still img").evaluate((img) => img.complete && img.naturalWidth > 0));
    return "";
  }
}

const picked = (page) => (new URL(page.url()).searchParams.get("pick") ?? "").split(",").filter(Boolean);

/** Browses, compares, makes a schedule of what is picked, and takes it away. */
async function buyer(me) {
  const { page, hands } = me;
  await page.goto(`${base}/?layer=territories`);
  await me.arrived();
  await me.filterBy("Norfolk", /territory=norfolk/);
  await page.locator(".app-chip", { hasText: "Norfolk" }).waitFor();
  const value = await page.locator('#figures tr[data-id="norfolk"] td[data-label="Value"]').innerText();
  const said = await me.map("Norfolk");
  if (me.live) assert.ok(said.includes(`Value: ${value}`), `the map says ${said}, the table ${value}`);

  await me.menu("Activities");
  await me.filterBy("Norfolk", /activities\?.*territory=norfolk/);
  const boxes = page.locator(".app-choose .govuk-checkboxes__input");
  const names = (await page.locator(".app-choose .app-list__title a").allInnerTexts()).slice(0, 2);
  for (const n of [0, 1]) await hands.tick(boxes.nth(n));
  await me.press(page.getByRole("button", { name: "Compare picked" }).first(), /\/activities\/compare\?/);
  assert.equal(picked(page).length, 2);
  const compared = await page.locator("table").innerText();
  for (const name of names) assert.ok(compared.includes(name), name);

  await me.press(me.link("Make a schedule of these"), /\/schedule\?/);
  assert.deepEqual((await page.locator(".app-schedule h2").allInnerTexts()).toSorted(), names.toSorted());
  await hands.fill(page.getByLabel("Contract (optional)"), "Grounds maintenance");
  await me.press(page.getByRole("button", { name: "Put it there" }), /title=Grounds/);
  assert.match(await page.locator("h1").innerText(), /for Grounds maintenance$/);
  const [csvName, csv] = await me.download(me.link("CSV"));
  assert.match(csvName, /\.csv$/);
  const lines = csv.toString().trim().split(/\r?\n/).slice(1);
  const [bookName, book] = await me.download(page.getByRole("link", { name: /^(XLSX|Excel)/ }));
  assert.match(bookName, /\.xlsx$/);
  const sheets = unzip(book).filter(([name]) => /sheet1|sharedStrings/.test(name)).map(([, text]) => text).join();
  for (const id of picked(page)) {
    assert.ok(lines.some((line) => line.startsWith(id)), `${id} is not in the CSV`);
    assert.ok(sheets.includes(id), `${id} is not in the workbook`);
  }
}

/** Sees the gaps, goes through a place, prints a report and follows what changes. */
async function office(me) {
  const { page } = me;
  await page.goto(`${base}/`);
  await me.menu("Coverage");
  await me.press(me.link("Norfolk"), /territory=norfolk/);
  assert.equal(await page.locator("section[aria-labelledby=worst-title] li").count(), 10);
  assert.match(await me.map("Norfolk"), me.live ? /./ : /^$/);

  await me.press(me.link("Delivery, sectors and contracts"), /\/places\/norfolk\?view=collaborations/);
  assert.ok(await page.getByRole("heading", { name: "Sectors, and who is not engaged yet" }).isVisible());
  const rows = await page.locator("section[aria-labelledby=delivery-title] tbody tr").count();
  await me.press(page.locator("section[aria-labelledby=delivery-title]").getByRole("link", { name: "The whole report" }), /\/reports\/delivery\?/);
  assert.ok(rows > 1);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("tbody tr:visible").count(), rows);
  for (const gone of [".app-report-form", ".app-navigation", ".app-downloads"]) assert.ok(!(await page.locator(gone).first().isVisible()), gone);
  await page.emulateMedia({ media: "screen" });
  await page.goBack();

  await me.press(me.link("Measurement"), /view=measurement/);
  assert.ok((await page.locator(".app-chart").count()) > 0);
  await me.press(me.link("Engagement"), /view=engagement/);
  await me.press(page.getByRole("navigation", { name: "Views of this place" }).getByRole("link", { name: "Activities" }), /\/places\/norfolk$/);
  const answered = page.waitForResponse(/\/feed\.atom$/);
  await me.hands.press(me.link("Follow what changes (Atom)"));
  const answer = await answered;
  assert.match(answer.headers()["content-type"], /application\/atom\+xml/);
  assert.match(await (await page.request.get(answer.url())).text(), /<entry>/);
}

/** Signs in, gives a site, and starts an order or asks: in three actions at most. */
async function supplier(me) {
  const { page, hands } = me;
  await page.goto(`${base}/work`);
  const signIn = page.getByRole("button", { name: "Sign in" });
  if (await signIn.isVisible()) {
    await me.press(signIn);
    await me.press(page.getByRole("button", { name: /Sam Supplier/ }), `${base}/work`);
  }
  await me.menu("Near your sites");
  await hands.fill(page.getByLabel("Your sites"), "NR1 3JU");

  me.actions = 0;
  await me.press(page.getByRole("button", { name: "Find activities" }), /site=/);
  const scores = (await page.locator(".app-match .app-list__meta").allInnerTexts()).map((text) => Number(text.match(/([\d.]+) of 100 points/)[1]));
  assert.ok(scores.length > 1);
  assert.deepEqual(scores, scores.toSorted((a, b) => b - a));
  assert.ok((await page.locator(".app-match").first().locator(".app-match__why li").count()) > 0);
  await me.press(page.locator(".app-match").first().getByRole("link", { name: /^Start an order/ }), /\/work\/new\/order\?/);
  await me.press(page.getByRole("button", { name: "Start" }), /\/work\/drafts\//);
  assert.ok(me.actions <= 3, `an order takes ${me.actions} actions`);
  assert.ok((await page.locator("main form input").count()) > 0);
  await me.press(page.getByRole("button", { name: "Throw this away" }));

  await me.menu("Near your sites");
  await hands.fill(page.getByLabel("Your sites"), "NR1 3JU");
  await hands.choose(page.getByLabel("What you could offer"), "Volunteering time");
  await hands.fill(page.getByLabel("How much (optional)"), "20 hours");
  await hands.choose(page.getByLabel("Within"), "50 kilometres");
  me.actions = 0;
  await me.press(page.getByRole("button", { name: "Find activities" }), /type=volunteering_time/);
  const order = page.locator(".app-match").first().getByRole("link", { name: /^Start an order/ });
  assert.match(await order.getAttribute("href"), /quantity=20&type=volunteering_time&unit=hours/);
  await me.press(page.locator(".app-match").first().getByRole("link", { name: /^Get in touch/ }), /\/contact/);
  assert.ok(me.actions <= 3);
  const words = await page.getByLabel("Your message").inputValue();
  assert.match(words, /would like to support it as social value/);
  assert.match(words, /volunteering time, 20 hours/);
  assert.ok(!(await page.locator("main").innerText()).includes("@"));
}

for (const [name, journey] of Object.entries({ buyer, office, supplier })) {
  for (const [how, way] of Object.entries(ways)) {
    test(`${name}: ${how}`, () => withPage(way.flat ? flat : browser, way.options ?? {}, (page) => journey(new Traveller(page, way))));
  }
}
