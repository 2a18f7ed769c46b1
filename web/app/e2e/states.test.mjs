// Every page in every state: axe finds nothing, and nothing is cut, sticks out or
// needs sideways scrolling, in a wide window, on a phone and at 400 %. A state is
// loaded once, as a phone loads it, and its window then made larger. No map is
// drawn here, which takes most of the time: its frame and key are as large without.
import { after, before, test } from "node:test";
import { anyRecords, launch, mustBeAccessible, mustBearZoom, mustFit, open, withPage } from "./browser.mjs";

let flat; // draws no WebGL
before(async () => (flat = await launch("--disable-3d-apis")));
after(() => flat.close());

const phone = { width: 320, height: 640 };

/** Pages of each kind, which axe looks at on a phone too. */
const onPhones = [
  "/", "/?view=table&sort=-value&theme=safer", "/embed?layer=territories", "/contributions?territory=norfolk", "/search?q=nor", "/data", "/help",
  "/flows?territory=norfolk", "/flows?view=matrix", "/coverage?territory=norfolk", "/nearby?site=52.6309+1.2974&type=volunteering_time", "/nearby?site=60.39+-1.2&within=1", "/reports", "/reports/rollout",
  "/activities?status=validated&territory=norfolk", "/activities?status=suspended", "/activities/compare", "/schedule", "/organisations?territory=norfolk", "/organisations?q=zzzz", "/contracts?territory=norfolk",
  "/places/norfolk", "/places/E12000006", "/places/norfolk?view=collaborations", "/places/norfolk?view=measurement", "/places/norfolk?view=engagement", "/places/E12000006?view=collaborations", "/places/E07000148", "/places/GB-NFK",
  "/compare", "/compare?territory=norfolk&with_territory=suffolk", "/coverage?territory=thames-valley", "/places/nowhere",
];

/** States of the same pages, which differ in what they say more than in how. */
const others = [
  "/?layer=territories&metric=per_head", "/?layer=areas&territory=norfolk", "/?layer=target_areas", "/?layer=flows", "/?layer=activities", "/?layer=gaps", "/?layer=gaps&territory=norfolk",
  "/?steps=quarter&from=2025-04-01&to=2025-06-30", "/?type=training&supplier=00000000-0000-0000-0000-000000000000", "/?from=2001&to=2002", "/?status=validated&territory=norfolk,essex", "/?status=suspended&theme=safer&territory=city-of-london",
  "/contributions?from=2001&to=2002", "/flows", "/flows?view=diagram", "/flows?territory=norfolk&dims=type&period=2025-26", "/search", "/search?q=", "/search?q=zzzzzz", "/search?q=planted&territory=norfolk",
  "/places/north-wales", "/places/E12000006?view=measurement", "/coverage", "/nearby", "/nearby?site=nowhere", "/reports/schedule?territory=norfolk", "/reports/partners", "/organisations",
];

/** Looks at a page that a phone has loaded. */
async function look(page, path, axeOnPhone) {
  await mustFit(page, path);
  if (axeOnPhone) await mustBeAccessible(page, `${path} on a phone`);
  await mustBearZoom(page, path);
  await page.setViewportSize({ width: 1100, height: 720 });
  await page.locator(".app-filter__details").evaluateAll((folds) => folds.forEach((fold) => (fold.open = true))); // as it is there
  await mustBeAccessible(page, path);
}

for (const path of [...onPhones, ...others]) {
  test(path, () =>
    withPage(flat, { viewport: phone, mayFail: true }, async (page) => {
      await open(page, path);
      await look(page, path, onPhones.includes(path));
    }));
}

test("an activity, how to get in touch about it, organisations, a contract", () =>
  withPage(flat, { viewport: phone }, async (page) => {
    for (const path of await anyRecords(page)) {
      await page.setViewportSize(phone);
      await open(page, path);
      await look(page, path, true);
    }
  }));
