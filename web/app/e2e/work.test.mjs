// People at work: the whole life of a contribution over four people's pages, by
// pointer, by keyboard, without JavaScript and on a narrow screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch } from "./browser.mjs";
import { Person, ways } from "./person.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Asks the public API until it says what is wanted. */
async function shown(path, want) {
  let said;
  for (let n = 0; n < 200; n++) {
    said = await (await fetch(base + path)).json();
    if (want(said)) return said;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`${path} says ${JSON.stringify(said).slice(0, 500)}`);
}

const day = (d, m, y) => [String(d), String(m), String(y)];

for (const [how, way] of Object.entries(ways)) {
  test(`a contribution lives its whole life: ${how}`, async () => {
    const [provider, office, buyer, supplier] = await Promise.all(["Pat Provider", "Olive Office", "Bo Buyer", "Sam Supplier"].map((name) => Person.signIn(browser, name, way)));
    for (const who of [provider, office, buyer, supplier]) await who.look("what waits");
    const name = `Evening boxing ${how} ${Date.now()}`;
    await provider.journey("register-activity", {}, { name, summary: "Training for anyone.", themes: "safer", class: "s0", latitude: "52.6309", longitude: "1.2974" });
    const found = await shown(`/api/v1/search?q=${encodeURIComponent(name)}`, (said) => said.items?.length === 1);
    const uuid = found.items[0].id;
    assert.equal((await shown(`/api/v1/activities/${uuid}`, () => true)).status, "submitted");

    await office.page.goto(`${base}/work`);
    await office.press(office.page.locator(".app-waiting__row", { hasText: name }).locator(".app-waiting__act"));
    await office.go("validate", { decision: "validated", decided_on: day(1, 4, 2026), expires_on: day(1, 4, 2029), criteria: "safe space" });
    await shown(`/api/v1/activities/${uuid}`, (said) => said.status === "validated");

    const order = await supplier.journey("order", { activity: uuid }, { type: "volunteering_time", quantity: "90", unit: "hours", value: "100" });
    const step = (who, state, d, m) => who.journey("step", { order: `demonstration//${order}` }, { state, date: day(d, m, 2026) });
    await step(supplier, "issued", 2, 4);
    await step(provider, "accepted", 3, 4);
    await step(supplier, "in_delivery", 4, 4);
    await step(supplier, "delivered", 10, 4);
    const nothing = await shown(`/api/v1/totals?activity=${uuid}`, () => true);
    assert.equal(nothing.total.pence, 0);
    const claim = await supplier.journey("claim", { order }, {
      title: "Ninety hours", type: "volunteering_time", quantity: "90", unit: "hours", value: "100", places: "E07000148 = 2\nE07000149 = 1",
      delivered_from: day(4, 4, 2026), delivered_to: day(10, 4, 2026),
    });
    const given = await shown(`/api/v1/totals?activity=${uuid}`, (said) => said.total.pence === 10_000);
    assert.equal(given.total.count, 2);
    await step(provider, "confirmed", 11, 4);
    await supplier.journey("evidence", { contribution: claim }, { kind: "timesheet", sha256: "ab".repeat(31) + String(Object.keys(ways).indexOf(how)).padStart(2, "0") });
    await step(supplier, "evidenced", 12, 4);
    await step(office, "audited", 13, 4);
    await step(buyer, "closed", 14, 4).catch(() => step(office, "closed", 14, 4));
    await supplier.page.goto(`${base}/work/records/purchase_order/${order}`);
    assert.match(await supplier.page.locator("main").innerText(), /Closed/);
    await supplier.look("an order with all its steps");
    for (const who of [provider, office, buyer, supplier]) await who.close();
  });
}

test("axe finds nothing on anybody's pages", async () => {
  const way = { ...ways["by pointer"], axe: true };
  for (const name of ["Nat Newcomer", "Hattie Hub", "Ada Admin"]) {
    const person = await Person.signIn(browser, name, way);
    await person.look(`${name}: work`);
    for (const path of ["/work/access", "/work/lists/activity", "/work/lists/contribution", "/work/lists/indicator", "/work/lists/contract?q=zzzz"]) {
      await person.page.goto(base + path);
      await person.look(`${name}: ${path}`);
    }
    await person.close();
  }
});

test("the digits of a file are worked out in the browser", async () => {
  const person = await Person.signIn(browser, "Sam Supplier", ways["by pointer"]);
  const { page } = person;
  await page.goto(`${base}/work/lists/contribution`);
  await page.locator("tbody a").first().click();
  await page.getByRole("button", { name: "Add evidence" }).click();
  await page.getByRole("button", { name: "Start" }).click();
  await page.locator("#digest-file").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("abc") });
  await page.waitForFunction(() => document.getElementById("sha256").value === "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  await person.look("evidence from a file");
  await page.getByRole("button", { name: "Throw this away" }).click();
  await person.close();
});

test("a form says first what is wrong, and keeps what was typed", async () => {
  const person = await Person.signIn(browser, "Bo Buyer", ways["by pointer"]);
  const { page } = person;
  await page.goto(`${base}/work/new/contract`);
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByRole("button", { name: "Continue" }).last().click();
  await page.locator(".govuk-error-summary").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.className), "govuk-error-summary");
  await page.locator(".govuk-error-summary a").click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "title");
  await person.look("a form with an error");
  await page.keyboard.type("Grounds");
  // The session runs out meanwhile: signing in again leads back to what was typed.
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/2$/);
  const here = page.url();
  await person.context.clearCookies();
  await page.goto(here);
  assert.match(page.url(), /\/sign-in/);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /Bo Buyer/ }).click();
  assert.equal(page.url(), here);
  await page.getByRole("link", { name: "Back", exact: true }).click();
  assert.equal(await page.locator("#title").inputValue(), "Grounds");
  await page.getByRole("button", { name: "Throw this away" }).click();
  await person.close();
});
