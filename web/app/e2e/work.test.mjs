// People at work: the whole life of a contribution over four people's pages, by
// pointer, by keyboard, without JavaScript and on a narrow screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch, mustBeAccessible } from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const ways = {
  "by pointer": { options: {}, press: (at) => at.click(), axe: true },
  "by keyboard": { options: {}, press: async (at) => { await at.focus(); await at.page().keyboard.press("Enter"); } },
  "without JavaScript": { options: { javaScriptEnabled: false }, press: (at) => at.click() },
  "at 320 pixels": { options: { viewport: { width: 320, height: 640 } }, press: (at) => at.click(), narrow: true },
};

/** Somebody who has signed in, in a browser of their own. */
class Person {
  static async signIn(name, way) {
    const context = await browser.newContext({ viewport: { width: 1100, height: 720 }, reducedMotion: "reduce", ...way.options });
    const person = new Person();
    Object.assign(person, { context, way, page: await context.newPage() });
    await person.page.goto(`${base}/work`);
    await person.press(person.page.getByRole("button", { name: "Sign in" }));
    await person.press(person.page.getByRole("button", { name: new RegExp(name) }));
    await person.page.waitForURL("**/work");
    return person;
  }

  /** Presses what leads to another page, and waits for that. */
  async press(at) {
    const here = this.page.url();
    await this.way.press(at);
    await this.page.waitForURL((url) => url.href !== here, { waitUntil: "load" });
  }

  /** Sends a form, which may have nothing against it. */
  async send(what, at) {
    const summary = this.page.locator(".govuk-error-summary");
    const refused = summary.waitFor().then(async () => assert.fail(`${what}: ${await summary.innerText()}`));
    refused.catch(() => {}); // it went on instead
    await Promise.race([this.press(at), refused]);
  }

  /** Looks at the page as it stands. */
  async look(what) {
    if (this.way.narrow) {
      const [wide, room] = [await this.page.evaluate(() => document.documentElement.scrollWidth), this.page.viewportSize().width];
      assert.ok(wide <= room, `${what} is ${wide} pixels wide`);
    }
    if (this.way.axe) await mustBeAccessible(this.page, what);
  }

  /** Answers a question, whatever it looks like. */
  async answer(name, value) {
    const { page } = this;
    if (Array.isArray(value)) {
      const parts = ["day", "month", "year"];
      for (const [i, part] of parts.entries()) await page.locator(`[name="${name}-${part}"]`).fill(value[i]);
      return;
    }
    const at = page.locator(`[name="${name}"]`);
    const kind = await at.first().evaluate((element) => (element.tagName === "SELECT" ? "select" : element.type));
    if (kind === "select") await at.selectOption(value);
    else if (kind === "radio" || kind === "checkbox") {
      const one = page.locator(`[name="${name}"][value="${value}"]`);
      if (this.way === ways["by keyboard"]) {
        await one.focus();
        await page.keyboard.press("Space");
      } else await page.locator(`label[for="${await one.getAttribute("id")}"]`).click();
    } else await at.fill(value);
  }

  /** Goes through a journey that is open, to its end; returns the record's id. */
  async go(what, answers) {
    const { page } = this;
    await this.look(`${what}: the start`);
    await this.press(page.getByRole("button", { name: "Start" }));
    for (let n = 1; n < 12 && !page.url().endsWith("/check"); n++) {
      await this.look(`${what}: page ${n}`);
      for (const [name, value] of Object.entries(answers)) {
        const selector = Array.isArray(value) ? `[name="${name}-day"]` : `[name="${name}"]`;
        if ((await page.locator(selector).count()) > 0) await this.answer(name, value);
      }
      await this.send(what, page.getByRole("button", { name: "Continue" }).last());
    }
    await this.look(`${what}: the answers`);
    const id = page.url().split("/").at(-2);
    await this.send(what, page.getByRole("button", { name: "Send" }));
    assert.ok(page.url().endsWith("/done"), `${what}: ${await page.locator("main").innerText()}`);
    await this.look(`${what}: done`);
    return id;
  }

  async journey(name, query, answers) {
    await this.page.goto(`${base}/work/new/${name}?${new URLSearchParams(query)}`);
    return this.go(name, answers);
  }

  close() {
    return this.context.close();
  }
}

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
    const [provider, office, buyer, supplier] = await Promise.all(["Pat Provider", "Olive Office", "Bo Buyer", "Sam Supplier"].map((name) => Person.signIn(name, way)));
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
    const person = await Person.signIn(name, way);
    await person.look(`${name}: work`);
    for (const path of ["/work/access", "/work/lists/activity", "/work/lists/contribution", "/work/lists/indicator", "/work/lists/contract?q=zzzz"]) {
      await person.page.goto(base + path);
      await person.look(`${name}: ${path}`);
    }
    await person.close();
  }
});

test("the digits of a file are worked out in the browser", async () => {
  const person = await Person.signIn("Sam Supplier", ways["by pointer"]);
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
  const person = await Person.signIn("Bo Buyer", ways["by pointer"]);
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
