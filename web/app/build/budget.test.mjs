// Holds the built files to the budget: run `npm run build` first.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8"));
const names = readdirSync(dist);
const entry = manifest["src/main.ts"];
const chunk = (name) => Object.values(manifest).find(({ src }) => src?.endsWith(name));
const [map, drawing] = [chunk("livemap.ts"), chunk("drawmap.ts")];

/** The files that a part of the app needs beyond those of every page. */
function files(part) {
  const found = new Set();
  const add = ({ file, imports = [] }) => {
    found.add(file);
    for (const key of imports) if (manifest[key] !== entry) add(manifest[key]);
  };
  add(part);
  return [...found];
}
const styles = names.filter((name) => name.endsWith(".css"));

/** Kilobytes (1,000 bytes) of a file, gzipped as well as can be. */
const kilobytes = (name) => gzipSync(readFileSync(dist + name), { level: 9 }).length / 1000;

function within(what, parts, limit) {
  test(`${what}: at most ${limit} kB gzipped`, (t) => {
    const size = parts.reduce((sum, name) => sum + kilobytes(name), 0);
    t.diagnostic(`${what}: ${size.toFixed(1)} of ${limit} kB`);
    assert.ok(parts.length > 0, "there is no such file");
    assert.ok(size <= limit, `${size.toFixed(1)} kB`);
  });
}

within("script before the map", [entry.file, ...(entry.imports ?? []).map((key) => manifest[key].file)], 15);
within("map", files(map), 305);
within("map to draw on", files(drawing), 305);
within("drawing alone", [drawing.file], 10);
within("map worker", names.filter((name) => /^maplibre-gl-worker-.*\.js$/.test(name)), 150);
within("styles", styles, 25);

test("fonts of the first view: at most 85 kB", () => {
  const fonts = names.filter((name) => /sans-latin-\d+-normal.*\.woff2$/.test(name));
  const size = fonts.reduce((sum, name) => sum + readFileSync(dist + name).length, 0) / 1000;
  assert.equal(fonts.length, 2);
  assert.ok(size <= 85, `${size} kB`);
});

test("nothing of GOV.UK's brand and nothing from another host", () => {
  for (const name of styles) {
    const css = readFileSync(dist + name, "utf8");
    for (const forbidden of [/GDS Transport/i, /crest/i, /crown/i, /@import/, /url\(["']?https?:/, /data:font/]) {
      assert.doesNotMatch(css, forbidden, name);
    }
  }
});

test("every textual file has its compressed forms, and no map of the sources is shipped", () => {
  for (const name of names) {
    assert.doesNotMatch(name, /\.map$/);
    if (/\.(js|css)$/.test(name)) assert.ok(names.includes(`${name}.gz`) && names.includes(`${name}.br`), name);
  }
});
