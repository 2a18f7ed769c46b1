// The ways in which somebody uses a page: with a pointer, or with nothing but
// the keys. Both can do the same, so a journey is told once.
import assert from "node:assert/strict";

/** How many stops the Tab key may take to reach anything on a page. */
const stops = 500;

/** How far the map goes with a press of an arrow key, pixels. */
const step = 100;

/** About how many stops lie between the focus and an element; fewer than there are. */
const ahead = (target) =>
  target.evaluate((element) => {
    const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")].filter((one) => one.checkVisibility());
    return all.indexOf(element) - all.indexOf(document.activeElement) - 4;
  });

/** Moves the focus on with Tab until the element has it, as a reader would. */
async function tabTo(page, target) {
  await target.waitFor({ state: "attached" });
  for (let left = await ahead(target); left > 0; left--) await page.keyboard.press("Tab");
  for (let n = 0; n < stops; n++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not reach ${target}`);
}

const canvas = (page) => page.locator(".maplibregl-canvas");

/** Nothing but a pointer, except to type. */
export const pointer = (page) => ({
  press: (target) => target.click(),
  tick: (box) => box.check(),
  fill: (field, text) => field.fill(text),
  choose: (list, label) => list.selectOption({ label }),
  async readMap() {
    await canvas(page).scrollIntoViewIfNeeded();
    await canvas(page).click();
  },
  async moveMap(right, down) {
    const { x, y, width, height } = await canvas(page).boundingBox();
    const [fromX, fromY] = [x + width / 2, y + height / 2];
    await page.mouse.move(fromX, fromY);
    await page.mouse.down();
    await page.mouse.move(fromX - right * step, fromY - down * step, { steps: 4 });
    await page.mouse.up();
  },
});

/** Nothing but the keys: Tab, Enter, Space, arrows and letters. */
export const keyboard = (page) => ({
  async press(target) {
    await tabTo(page, target);
    await page.keyboard.press("Enter");
  },
  async tick(box) {
    await tabTo(page, box);
    await page.keyboard.press("Space");
    assert.ok(await box.isChecked());
  },
  async fill(field, text) {
    await tabTo(page, field);
    await page.keyboard.press("Control+a");
    await page.keyboard.type(text);
  },
  async choose(list, label) {
    await tabTo(page, list);
    await page.keyboard.type(label);
    assert.equal(await list.evaluate((select) => select.selectedOptions[0].label), label);
  },
  async readMap() {
    await tabTo(page, canvas(page));
    await page.keyboard.press("Enter");
  },
  async moveMap(right, down) {
    await tabTo(page, canvas(page));
    if (right) await page.keyboard.press(right > 0 ? "ArrowRight" : "ArrowLeft");
    if (down) await page.keyboard.press(down > 0 ? "ArrowDown" : "ArrowUp");
  },
});

/**
 * What the live map says of a place: moves the map about, in growing squares,
 * until the place is under its middle.
 */
export async function findOnMap(page, hands, name) {
  const title = page.locator(".app-reader__title");
  let side = 0;
  for (const [right, down] of [[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0], [0, 1]]) {
    for (let n = 0; n <= side; n++) {
      await hands.readMap();
      if ((await title.count()) > 0 && (await title.innerText()).startsWith(name)) return page.locator(".app-reader").innerText();
      const was = page.url();
      await hands.moveMap(right, down);
      await page.waitForFunction((old) => location.href !== old, was);
    }
    if (down !== 0) side++;
  }
  assert.fail(`${name} is not found on the map`);
}
