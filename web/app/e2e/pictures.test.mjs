// Screenshots held against kept ones, e2e/pictures/*.png: of what shows no figures,
// which change with the day. After a change that was meant, and looked at:
// TRIBUTARY_URL=… npm run e2e:pictures
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { base, launch, open, withPage } from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const folder = fileURLToPath(new URL("pictures/", import.meta.url));
const update = process.env.UPDATE_PICTURES === "1";

/** How much of a picture may differ, as other machines smooth their letters otherwise. */
const tolerance = 0.005;

/** A kept picture may weigh no more, bytes. */
const limit = 60_000;

/** What part of the pixels of two pictures differs visibly; 1 where their sizes do. */
async function difference(page, one, other) {
  return page.evaluate(async (sources) => {
    const [a, b] = await Promise.all(sources.map(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const paper = new OffscreenCanvas(image.width, image.height).getContext("2d");
      paper.drawImage(image, 0, 0);
      return paper.getImageData(0, 0, image.width, image.height);
    }));
    if (a.width !== b.width || a.height !== b.height) return 1;
    let unlike = 0;
    for (let at = 0; at < a.data.length; at += 4) {
      if ([0, 1, 2].some((channel) => Math.abs(a.data[at + channel] - b.data[at + channel]) > 48)) unlike++;
    }
    return unlike / (a.width * a.height);
  }, [one, other].map((png) => `data:image/png;base64,${png.toString("base64")}`));
}

const narrow = { width: 320, height: 640 };
const wide = { width: 900, height: 600 };

/** Name, path, window, and what of the page is taken: its first view, unless it says a part. */
const kept = [
  ["nearby-narrow", "/nearby", narrow], ["search", "/search", wide], ["schedule-empty", "/schedule", narrow],
  ["filters", "/?layer=territories&view=table&theme=safer", wide, ".app-filter"], ["filters-narrow", "/?layer=territories&view=table&theme=safer", narrow, ".app-filter"],
  ["menu-narrow", "/search", narrow, ".app-navigation", (page) => page.getByRole("button", { name: "Menu" }).click()],
];
for (const [name, path, viewport, part, prepare] of kept) {
  test(`${name} looks as it did`, () =>
    withPage(browser, { viewport, mayFail: true }, async (page) => {
      await open(page, path);
      await prepare?.(page);
      await page.evaluate(() => document.fonts.ready);
      await page.mouse.move(0, 0);
      const png = await (part ? page.locator(part).first().screenshot() : page.screenshot());
      const file = `${folder}${name}.png`;
      if (update) {
        assert.ok(png.length <= limit, `${name}: ${png.length} bytes`);
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, png);
        return;
      }
      assert.ok(existsSync(file), `${file} is missing: npm run e2e:pictures makes it`);
      await page.goto("about:blank");
      const differs = await difference(page, readFileSync(file), png);
      if (differs > tolerance) writeFileSync(`${folder}${name}.new.png`, png);
      assert.ok(differs <= tolerance, `${(differs * 100).toFixed(1)} % of the pixels differ: compare ${base}${path}, ${name}.png and ${name}.new.png`);
    }));
}
