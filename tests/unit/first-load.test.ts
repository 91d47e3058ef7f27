import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const FRAMEWORK = ["react", "react-dom", "react/jsx-runtime", "next/*"];

/** What is loaded on use has no part in the first load. */
const withoutImportCalls: Plugin = {
  name: "without-import-calls",
  setup: ({ onResolve }) =>
    onResolve({ filter: /.*/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "later", external: true } : undefined,
    ),
};

/** The packages that the browser loads with a component. */
async function packagesOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    treeShaking: true,
    format: "esm",
    jsx: "automatic",
    alias: { "@": root },
    external: FRAMEWORK,
    loader: { ".css": "empty" },
    plugins: [withoutImportCalls],
    outdir: "out",
  });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const names = used.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(path)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

test("menus, notices, tooltips, dialogs, schemas and highlighting are no part of the agents' first load", async () => {
  const packages = (
    await Promise.all(
      ["agents-sidebar/agents-frame.tsx", "providers.tsx", "chat/new-agent.tsx"].map((file) =>
        packagesOf(`components/${file}`),
      ),
    )
  ).flat();
  expect(packages).toContain("@tanstack/query-core");
  for (const heavy of ["zod", "sonner", "@floating-ui/core", "@radix-ui/react-menu", "shiki", "streamdown"]) {
    expect(packages, heavy).not.toContain(heavy);
  }
});
