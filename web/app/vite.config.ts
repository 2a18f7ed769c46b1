import { defineConfig } from "vite";
import { precompress } from "./build/precompress.ts";

// Builds to ../dist, which web/assets.go embeds and serves under /assets/.
export default defineConfig({
  base: "/assets/",
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    assetsDir: "",
    manifest: true,
    target: "es2022",
    // Small fonts must not become data: addresses, which the CSP forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rollupOptions: { input: "src/main.ts" },
  },
  css: {
    // Drops an old Internet Explorer hack in govuk-frontend.
    lightningcss: { errorRecovery: true },
    preprocessorOptions: { scss: { quietDeps: true } },
  },
  plugins: [precompress()],
  test: { include: ["src/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
