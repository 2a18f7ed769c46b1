import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Kinds of file that compress well. Fonts (woff2) are compressed already. */
const textual = new Set([".js", ".mjs", ".css", ".svg"]);

/**
 * Writes a .gz and a .br beside every textual file of the build, so that the
 * server compresses nothing while it serves. A form that saves nothing is left
 * out.
 */
export function precompress(): Plugin {
  let outDir = "";
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const name of readdirSync(outDir)) {
        const path = join(outDir, name);
        if (!textual.has(extname(name)) || !statSync(path).isFile()) continue;
        const body = readFileSync(path);
        const forms: [string, Buffer][] = [
          [".gz", gzipSync(body, { level: 9 })],
          [".br", brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } })],
        ];
        for (const [extension, small] of forms) {
          if (small.length < body.length) writeFileSync(path + extension, small);
        }
      }
    },
  };
}
