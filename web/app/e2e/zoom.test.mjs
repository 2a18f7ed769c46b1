// A window of 1,280 by 1,024 pixels at 400 % has 320 by 256 of the page's own:
// nothing is cut, nothing needs sideways scrolling, nothing sticks over the rest.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { anyRecords, launch, mustFit, open, withPage } from "./browser.mjs";

let browser;
let flat; // draws no WebGL: the map's frame is as large without
before(async () => ([browser, flat] = await Promise.all([launch(), launch("--disable-3d-apis")])));
after(() => Promise.all([browser.close(), flat.close()]));

/** States in which the map itself is drawn. */
const drawn = ["/", "/?layer=gaps&territory=norfolk"];

/** What is cut or covers too much, in words; nothing if all can be read. */
const faults = (page) =>
  page.evaluate(() => {
    const found = [];
    for (const element of document.querySelectorAll("body *")) {
      if (element.closest("svg, .maplibregl-map, .govuk-visually-hidden") || !element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.width <= 2 || box.height <= 2) continue; // for screen readers alone
      const hides = [style.overflowX, style.overflowY].some((value) => ["hidden", "clip"].includes(value)) || style.textOverflow === "ellipsis";
      if (hides && element.textContent.trim() && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) found.push(["cut", element]);
      if (["sticky", "fixed"].includes(style.position) && box.height > innerHeight / 3) found.push(["sticks", element]);
      const scrolls = element.closest(".app-scroll");
      if (!scrolls && box.left + scrollX < innerWidth && box.right + scrollX > innerWidth + 1) found.push(["sticks out", element]);
    }
    return found.map(([what, element]) => `${what}: ${element.tagName.toLowerCase()}.${[...element.classList].join(".")} "${element.textContent.trim().slice(0, 40)}"`);
  });

const states = [
  "/", "/?layer=territories&metric=per_head", "/?layer=areas&territory=norfolk", "/?layer=target_areas", "/?layer=flows", "/?layer=activities", "/?layer=gaps", "/?layer=gaps&territory=norfolk", "/?view=table&sort=-value", "/?from=2001&to=2002", "/embed?layer=territories",
  "/activities?status=validated&territory=norfolk", "/activities/compare", "/schedule", "/coverage", "/coverage?territory=norfolk", "/compare?territory=norfolk&with_territory=suffolk",
  "/places/norfolk", "/places/north-wales", "/places/E12000006", "/places/norfolk?view=collaborations", "/places/E12000006?view=measurement", "/places/norfolk?view=engagement",
  "/nearby", "/nearby?site=52.6309+1.2974", "/nearby?site=nowhere", "/flows", "/flows?view=diagram", "/flows?view=matrix", "/contributions?territory=norfolk",
  "/organisations", "/contracts?territory=norfolk", "/reports", "/reports/rollout", "/reports/schedule?territory=norfolk", "/search?q=nor", "/search?q=zzzzzz", "/data", "/help", "/places/nowhere",
];
for (const path of states) {
  test(`400 %: ${path}`, () => atZoom([path]));
}

test("400 %: an activity, organisations, a contract, how to get in touch", () => atZoom([]));

/** Goes through pages at 400 %; without any, through single records. */
function atZoom(paths) {
  return withPage(drawn.includes(paths[0]) ? browser : flat, { viewport: { width: 320, height: 256 }, mayFail: true }, async (page) => {
    const some = paths.length > 0 ? paths : await anyRecords(page);
    for (const path of some) {
      await open(page, path);
      await mustFit(page, path);
      assert.deepEqual(await faults(page), [], path);
    }
  });
}
