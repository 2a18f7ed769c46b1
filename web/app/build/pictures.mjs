// Makes the README's pictures, web/readme/*.png, from a running server with
// nothing but the demonstration data: TRIBUTARY_URL=… npm run pictures
import { mkdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch, open } from "../e2e/browser.mjs";

/** A picture may weigh no more, so that the README opens quickly. */
const limit = 250_000;

const folder = fileURLToPath(new URL("../../readme/", import.meta.url));
const pictures = [
  { name: "map.png", path: "/", height: 900 },
  { name: "place.png", path: "/places/norfolk", height: 1080 },
];

mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
  for (const { name, path, height } of pictures) {
    const context = await browser.newContext({ viewport: { width: 1200, height }, reducedMotion: "reduce" });
    const page = await context.newPage();
    await open(page, path);
    const state = await page.evaluate(() => document.documentElement.dataset.map);
    if (state !== "ready") throw new Error(`${path}: the live map did not come up`);
    await page.screenshot({ path: folder + name });
    await context.close();
    const { size } = statSync(folder + name);
    if (size > limit) throw new Error(`${name} has ${size} bytes, more than ${limit}`);
    console.log(`web/readme/${name}: ${Math.round(size / 1000)} kB`);
  }
} finally {
  await browser.close();
}
