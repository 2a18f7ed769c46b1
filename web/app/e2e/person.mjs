// Somebody at work: signs in as a person of the demonstration and goes through
// forms, in one of the ways in which people do.
import assert from "node:assert/strict";
import { base, mustBeAccessible } from "./browser.mjs";

export const ways = {
  "by pointer": { options: {}, press: (at) => at.click(), axe: true },
  "by keyboard": { options: {}, press: async (at) => { await at.focus(); await at.page().keyboard.press("Enter"); } },
  "without JavaScript": { options: { javaScriptEnabled: false }, press: (at) => at.click() },
  "at 320 pixels": { options: { viewport: { width: 320, height: 640 } }, press: (at) => at.click(), narrow: true },
};

/** Somebody who has signed in, in a browser of their own. */
export class Person {
  static async signIn(browser, name, way) {
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
