// Drawing on a map in the forms of people at work: by pointer, by keyboard, on a
// narrow screen, and without JavaScript or WebGL, where the fields alone stay.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch } from "./browser.mjs";
import { Person, ways } from "./person.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Opens the page of a journey that asks where something is. */
async function openPage(person, journey, page, answers) {
  await person.page.goto(`${base}/work/new/${journey}`);
  await person.press(person.page.getByRole("button", { name: "Start" }));
  for (let n = 1; n < page; n++) {
    for (const [name, value] of Object.entries(answers)) if ((await person.page.locator(`[name="${name}"]`).count()) > 0) await person.answer(name, value);
    await person.send(journey, person.page.getByRole("button", { name: "Continue" }).last());
  }
}

async function openMap(person) {
  const place = person.page.locator("[data-draw]").first();
  await person.way.press(place.locator("[data-open]"));
  await person.page.locator('[data-draw][data-map="ready"]').waitFor({ timeout: 60_000 });
  return place;
}

/** Waits until the map has stopped moving. */
async function settled(page) {
  const under = () => page.locator(".app-draw__under").innerText();
  for (let was = "", now = await under(); was !== now; ) {
    await page.waitForTimeout(300);
    [was, now] = [now, await under()];
  }
}

const activity = { name: "Drawn", summary: "Training.", themes: "safer", class: "s0" };

/** The contract that a delivery site is for: the first that is offered. */
async function openDemise(person) {
  const { page } = person;
  await page.goto(`${base}/work/lists/contract`);
  await page.locator("tbody a").first().click();
  await page.getByRole("button", { name: "Add a delivery site" }).click();
  await person.press(page.getByRole("button", { name: "Start" }));
  await person.send("site", page.getByRole("button", { name: "Continue" }).last());
  await person.answer("territory", "norfolk");
  await person.send("where", page.getByRole("button", { name: "Continue" }).last());
}

for (const how of ["by pointer", "by keyboard", "at 320 pixels"]) {
  const way = ways[how];
  test(`a place is taken from the map, ${how}`, async () => {
    const person = await Person.signIn(browser, "Olive Office", way);
    const { page } = person;
    await openPage(person, "register-activity", 5, { ...activity, provider: "Example" });
    const place = await openMap(person);
    const canvas = place.locator("canvas");
    if (how === "by keyboard") {
      await canvas.focus();
      await page.keyboard.press("ArrowRight");
      await settled(page);
      await page.keyboard.press("Enter");
    } else await canvas.click({ position: { x: 90, y: 120 } });
    await page.waitForFunction(() => document.getElementById("latitude").value !== "");
    const first = await page.locator("#latitude").inputValue();
    assert.match(first, /^5\d\.\d{1,5}$/);
    assert.match(await place.locator("[data-words]").innerText(), /^The position is 5\d\.\d{5}, -?\d+\.\d{5}\.$/);
    await person.look(`a map to draw on, ${how}`);
    await page.getByRole("button", { name: "Take the position under the cross" }).click();
    await page.waitForFunction((was) => document.getElementById("latitude").value !== was || document.getElementById("longitude").value !== "", first);
    await page.getByRole("button", { name: "Undo" }).click();
    assert.equal(await page.locator("#latitude").inputValue(), first);
    await page.getByRole("button", { name: "Throw this away" }).click();
    await person.close();
  });

  test(`a demise is drawn corner by corner, ${how}`, async () => {
    const person = await Person.signIn(browser, "Bo Buyer", way);
    const { page } = person;
    await openDemise(person);
    const place = await openMap(person);
    const canvas = place.locator("canvas");
    const words = place.locator("[data-words]");
    const said = (what) => page.waitForFunction(([text]) => document.querySelector("[data-words]").textContent.includes(text), [what]);
    const corners = [[60, 60], [150, 60], [150, 140], [60, 140]];
    for (const [i, [x, y]] of corners.entries()) {
      if (how === "by keyboard") {
        await canvas.focus();
        await page.keyboard.press(["ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft"][i]);
        await settled(page);
        await page.keyboard.press("Enter");
      } else await canvas.click({ position: { x, y } });
      await said(i === 0 ? "1 corner" : `${i + 1} corners`);
    }
    const drawn = JSON.parse(await page.locator("#demise").inputValue());
    assert.equal(drawn.type, "Polygon");
    assert.equal(drawn.coordinates[0].length, 5);
    if (how === "by keyboard") {
      await canvas.focus();
      await page.keyboard.press("Backspace");
    } else await page.getByRole("button", { name: "Undo the last corner" }).click();
    await said("3 corners");
    assert.equal(JSON.parse(await page.locator("#demise").inputValue()).coordinates[0].length, 4);
    await page.getByRole("button", { name: "Close the shape" }).click();
    await said("The shape is closed");
    await canvas.click({ position: { x: 30, y: 30 } });
    await said("Undo the last corner to go on");
    assert.equal(JSON.parse(await page.locator("#demise").inputValue()).coordinates[0].length, 4);
    await person.look(`a demise, ${how}`);
    // The field is the truth: what is typed shows, and can be drawn on no further if it is not one outline.
    await page.locator("#demise").fill("not a shape");
    await canvas.click({ position: { x: 30, y: 30 } });
    await said("Start again");
    assert.equal(await page.locator("#demise").inputValue(), "not a shape");
    await page.getByRole("button", { name: "Start again" }).click();
    assert.equal(await words.innerText(), "Nothing is drawn.");
    await page.getByRole("button", { name: "Throw this away" }).click();
    await person.close();
  });
}

test("without JavaScript or WebGL the fields are all there is, and are enough", async (t) => {
  const blind = await launch("--disable-3d-apis");
  t.after(() => blind.close());
  for (const [from, options] of [[browser, { javaScriptEnabled: false }], [blind, {}]]) {
    const person = await Person.signIn(from, "Olive Office", { options, press: (at) => at.click() });
    const asked = [];
    person.page.on("request", (request) => asked.push(request.url()));
    await openPage(person, "register-activity", 5, { ...activity, provider: "Example" });
    assert.equal(await person.page.locator("[data-open]").isVisible(), false);
    await person.answer("latitude", "52.6309");
    await person.answer("longitude", "1.2974");
    await person.press(person.page.getByRole("button", { name: "Add another place" })).catch(() => {});
    await person.page.locator('[name="area_code-2"]').fill("E07000149");
    await person.send("places", person.page.getByRole("button", { name: "Continue" }).last());
    assert.match(await person.page.locator("main").innerText(), /only that it is somewhere in Norfolk/);
    await person.look("what anyone will see");
    assert.deepEqual(asked.filter((url) => url.includes("drawmap")), []);
    await person.press(person.page.getByRole("button", { name: "Throw this away" }));
    await person.close();
  }
});
