import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const COMPRESSED = /\.(js|mjs|css|html|json|svg|wasm|webmanifest)$/;
const WORTH = 1024;

/** Writes a .br and a .gz beside each text of the build, so that the server compresses nothing itself. */
function compressed(): Plugin {
  let folder = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        const file = join(folder, name);
        if (!COMPRESSED.test(name) || !statSync(file).isFile()) continue;
        const data = readFileSync(file);
        if (data.length < WORTH) continue;
        writeFileSync(`${file}.gz`, gzipSync(data, { level: 9 }));
        writeFileSync(`${file}.br`, brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
      }
    },
  };
}

/** Lays beside the build what pages of PDF files need: character maps, fonts, and a decoder without WebAssembly. */
function pdfParts(): Plugin {
  let folder = "";
  return {
    name: "pdf-parts",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      const parts = join(import.meta.dirname, "node_modules/pdfjs-dist");
      for (const name of ["cmaps", "standard_fonts", "wasm"]) {
        cpSync(join(parts, name), join(folder, "pdfjs", name), { recursive: true });
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), pdfParts(), compressed()],
  resolve: { alias: { "@": join(import.meta.dirname, "src") } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // fonts and pictures are files of their own: the policy of the page knows no data: but for img
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000, // the page of the API is large, and fetched by nobody else
    rollupOptions: { input: { index: "index.html", docs: "docs.html" } },
  },
  server: { proxy: { "/v1": "http://127.0.0.1:8642", "/openapi.json": "http://127.0.0.1:8642" } },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"], setupFiles: ["src/testing.ts"] },
});
