import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { viteDriverPatch } from "./lib/server/driver-patch.mjs";
import { viteSdkPatch } from "./lib/server/sdk-patch.mjs";
// The table of route modules that tests mount.
import "./lib/server/generate-routes.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));
const support = (file: string) => fileURLToPath(new URL(`tests/support/${file}`, import.meta.url));
const inFolders = (...folders: string[]) => folders.map((folder) => `tests/${folder}/**/*.test.{ts,tsx}`);

export default defineConfig({
  plugins: [viteDriverPatch, viteSdkPatch(root)],
  resolve: { alias: { "@": root } },
  test: {
    // The default leaves a core idle, which is half of a small machine.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Inlined, so that it is repaired as in the bundle.
    server: { deps: { inline: [/\/node_modules\/postgres\//] } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // These share nothing that one could leave to the next, and loading is most of their time.
          isolate: false,
          // With the provider packages as they are bundled.
          server: { deps: { inline: [/\/node_modules\/(postgres|@ai-sdk)\//] } },
          include: ["tests/*.test.ts", ...inFolders("unit")],
          setupFiles: [support("console.ts")],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "real",
          // Each has a database of its own, and leaves nothing in a module; loading was a third of their time.
          isolate: false,
          include: inFolders("db", "api", "daemon", "server", "streams", "workspaces", "agent", "fuzz"),
          setupFiles: [support("console.ts")],
          globalSetup: [support("global-setup.ts")],
          // An end for what hangs, never a measure of speed: a small machine may be busy.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: inFolders("e2e", "chaos"),
          globalSetup: [support("global-setup.ts"), support("build-setup.ts")],
          // Each has a browser and a server that wait for each other most of the time.
          maxWorkers: 2,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // A busy machine draws late; a condition that never comes still fails before its test does.
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
