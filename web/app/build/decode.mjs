// Decodes the vector tiles 0, 1, … of a folder with @mapbox/vector-tile and
// prints a line of JSON for each, for the tests of the tiles.
// node decode.mjs FOLDER COUNT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";

const [folder, count] = process.argv.slice(2);
for (let i = 0; i < Number(count); i++) {
  const tile = new VectorTile(new PbfReader(readFileSync(join(folder, String(i)))));
  const layers = Object.keys(tile.layers).toSorted().map((name) => {
    const layer = tile.layers[name];
    const features = Array.from({ length: layer.length }, (_, n) => {
      const f = layer.feature(n);
      return { id: f.id ?? 0, type: f.type, properties: f.properties, geometry: f.loadGeometry().map((part) => part.map((p) => [p.x, p.y])) };
    });
    return { name, version: layer.version, extent: layer.extent, features };
  });
  process.stdout.write(`${JSON.stringify(layers)}\n`);
}
