// Validates the MapLibre style that comes on standard input, for the tests of
// /style.json: prints what is wrong with it, a line each.
import { readFileSync } from "node:fs";
import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";

for (const { message } of validateStyleMin(JSON.parse(readFileSync(0, "utf8")))) {
  process.stdout.write(`${message}\n`);
}
