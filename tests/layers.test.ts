import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = globSync("{app,components,db,lib}/**/*.{ts,tsx,mjs}", { cwd: root })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => !file.includes(".generated."))
  .sort();

/** A single file of `lib/`, in no folder. */
const SINGLE = "lib/[^/]+\\.ts";
const BUILT_IN = "node:.*";

type Rule = { name: string; of: RegExp; allow?: RegExp; forbid?: RegExp };

const only = (...patterns: string[]) => new RegExp(`^(${patterns.join("|")})$`);
const below = (...folders: string[]) => folders.map((folder) => `${folder}/.*`);

/** First match decides. `allow` lists everything that may be imported; `forbid` what may not. */
const LAYERS: Rule[] = [
  {
    name: "lib/contract imports only zod",
    of: /^lib\/contract\//,
    allow: only("zod", ...below("lib/contract"), "lib/assert-never.ts"),
  },
  {
    name: "components import only components, lib/contract, lib/format, lib/assert-never and packages of the browser",
    of: /^components\//,
    allow: only(
      ...below("components", "lib/contract"),
      "lib/format.ts",
      "lib/assert-never.ts",
      "react(-dom)?(/.*)?",
      "next/(navigation|link|image|dynamic|font/.*)",
      "@tanstack/react-(query|virtual)",
      "radix-ui",
      "lucide-react",
      "clsx",
      "sonner",
      "rehype-katex",
      "remark-math",
      "remend",
      "streamdown",
      "shiki(/.*)?",
      ".*\\.css",
    ),
  },
  {
    name: "lib/agent imports only lib/contract, lib/clock, zod, decimal.js and provider packages",
    of: /^lib\/agent\//,
    allow: only(
      ...below("lib/agent", "lib/contract"),
      "lib/clock.ts",
      "lib/assert-never.ts",
      "zod",
      "decimal\\.js",
      "@ai-sdk/.*",
    ),
  },
  {
    name: "the workspace agent runs alone: only its own folder, lib/contract and Node",
    of: /^lib\/workspaces\/agent\//,
    allow: only(...below("lib/workspaces/agent", "lib/contract"), SINGLE, BUILT_IN, "zod"),
  },
  {
    name: "lib/ssh imports single files of lib",
    of: /^lib\/ssh\//,
    allow: only(...below("lib/ssh"), SINGLE, BUILT_IN),
  },
  {
    name: "lib/workspaces imports lib/contract, lib/ssh and single files of lib; no db",
    of: /^lib\/workspaces\//,
    allow: only(
      ...below("lib/workspaces", "lib/ssh", "lib/contract"),
      SINGLE,
      BUILT_IN,
      "zod",
      "@hono/node-server",
      "hono(/.*)?",
    ),
  },
  {
    name: "lib/chats imports db, lib/contract and single files of lib",
    of: /^lib\/chats\//,
    allow: only(...below("lib/chats", "lib/contract", "db"), SINGLE, BUILT_IN, "zod", "decimal\\.js", "postgres"),
  },
  {
    name: "lib/gitproviders imports lib/contract, single files of lib, octokit and zod; no db",
    of: /^lib\/gitproviders\//,
    allow: only(...below("lib/gitproviders", "lib/contract"), SINGLE, BUILT_IN, "zod", "@octokit/rest"),
  },
  {
    name: "lib/gitsync imports db, lib/contract, lib/gitproviders and single files of lib",
    of: /^lib\/gitsync\//,
    allow: only(...below("lib/gitsync", "lib/gitproviders", "lib/contract", "db"), SINGLE, BUILT_IN, "zod", "postgres"),
  },
  {
    name: "lib/external-auth imports db, lib/contract, lib/gitproviders, lib/ssh, lib/workspaces/credentials and single files",
    of: /^lib\/external-auth\//,
    allow: only(
      ...below("lib/external-auth", "lib/gitproviders", "lib/ssh", "lib/contract", "db"),
      "lib/workspaces/credentials.ts",
      SINGLE,
      BUILT_IN,
      "zod",
    ),
  },
  {
    name: "lib/repositories reaches workspaces by their service, and neither the agent's loop nor the daemon",
    of: /^lib\/repositories\//,
    forbid:
      /^(components\/.*|app\/.*|lib\/(daemon|agent|server)\/.*|lib\/workspaces\/(?!service).*|db\/(?!queries\/|client).*)$/,
  },
  {
    name: "lib/streams imports db, lib/contract and single files of lib",
    of: /^lib\/streams\//,
    allow: only(...below("lib/streams", "lib/contract", "db"), SINGLE, BUILT_IN, "zod", "postgres"),
  },
  {
    name: "db imports lib/contract, single files of lib, drizzle and the driver",
    of: /^db\//,
    allow: only(
      ...below("db", "lib/contract"),
      "lib/(env|log|clock|failpoint|assert-never|ids|process-lock|socket-directory)\\.ts",
      BUILT_IN,
      "drizzle-orm(/.*)?",
      "postgres",
      "zod",
    ),
  },
  {
    name: "route handlers use nothing of Next, only web Request and Response",
    of: /^app\/api\//,
    forbid:
      /^(next(\/.*)?|components\/.*|lib\/(daemon|agent)\/.*|lib\/server\/(?!http|runtime).*|db\/(?!queries\/).*)$/,
  },
  {
    name: "app imports components, db/queries, lib/server/{http,runtime} and lib, but neither lib/daemon nor lib/agent",
    of: /^app\//,
    forbid: /^(lib\/(daemon|agent)\/.*|lib\/server\/(?!http|runtime).*|db\/(?!queries\/).*)$/,
  },
  {
    name: "only the entry program imports lib/daemon",
    of: /^lib\/(?!daemon\/|server\/)/,
    forbid: /^lib\/(daemon|server)\/(?!runtime|http).*$/,
  },
];

const importPattern =
  /(?:^|[;\n])\s*(?:import|export)\s(?:[^"';]*?\sfrom\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");

function importsOf(file: string): { specifier: string; target: string }[] {
  const text = withoutComments(readFileSync(join(root, file), "utf8"));
  return [...text.matchAll(importPattern)].map((found) => {
    const specifier = (found[1] ?? found[2]) as string;
    return { specifier, target: resolveImport(file, specifier) };
  });
}

/** A path from the top for files of ours, the specifier for packages. */
function resolveImport(file: string, specifier: string): string {
  const isOurs = specifier.startsWith("@/") || specifier.startsWith(".");
  if (!isOurs) return specifier;
  const base = specifier.startsWith("@/") ? specifier.slice(2) : normalize(join(dirname(file), specifier));
  const candidates = [base, `${base}.ts`, `${base}.tsx`, `${base}.mjs`, `${base}/index.ts`, `${base}/index.tsx`];
  const found = candidates.find((path) => existsSync(join(root, path)) && statSync(join(root, path)).isFile());
  return found ? relative(root, join(root, found)).replaceAll("\\", "/") : base;
}

const graph = new Map(sources.map((file) => [file, importsOf(file)]));

test("imports only go down the layers", () => {
  const broken = [...graph].flatMap(([file, imports]) => {
    const rule = LAYERS.find(({ of }) => of.test(file));
    if (!rule) return [];
    return imports
      .filter(({ target }) => (rule.allow && !rule.allow.test(target)) || rule.forbid?.test(target))
      .map(({ specifier }) => `${file} imports ${specifier}: ${rule.name}`);
  });
  expect(broken).toEqual([]);
});

test("every import of ours resolves to a file", () => {
  const lost = [...graph].flatMap(([file, imports]) =>
    imports
      .filter(({ specifier, target }) => /^(@\/|\.)/.test(specifier) && !existsSync(join(root, target)))
      .filter(({ target }) => !target.includes(".generated"))
      .map(({ specifier }) => `${file} imports ${specifier}`),
  );
  expect(lost).toEqual([]);
});

test("no file imports itself through others", () => {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      cycles.push([...path.slice(at), file].join(" → "));
      return;
    }
    if (done.has(file)) return;
    for (const { target } of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  expect(cycles).toEqual([]);
});

test("only db/ knows Drizzle, and SQL of rows stands in db/queries", () => {
  const elsewhere = [...graph].flatMap(([file, imports]) =>
    imports
      .filter(({ specifier }) => !file.startsWith("db/") && /^drizzle-/.test(specifier))
      .map(({ specifier }) => `${file} imports ${specifier}`),
  );
  expect(elsewhere).toEqual([]);
});

test("the one barrel is db/schema/index.ts", () => {
  const barrels = sources.filter((file) => {
    if (file === "db/schema/index.ts") return false;
    const text = withoutComments(readFileSync(join(root, file), "utf8"));
    return /^export\s+(\*|\{[^}]*\})\s+from\s/m.test(text);
  });
  expect(barrels).toEqual([]);
});

test("process.env is read in lib/env.ts alone", () => {
  // The launchers run before anything is installed; they only hand their environment on.
  const readers = sources.filter(
    (file) =>
      file !== "lib/env.ts" &&
      !/^lib\/server\/[^/]+\.mjs$/.test(file) &&
      /\bprocess\.env\b/.test(withoutComments(readFileSync(join(root, file), "utf8"))),
  );
  expect(readers).toEqual([]);
});

test("every file in lib and db opens with what it is", () => {
  const bare = sources.filter(
    (file) => /^(lib|db)\//.test(file) && !/^(#!.*)?\s*\/\*\*/.test(readFileSync(join(root, file), "utf8")),
  );
  expect(bare).toEqual([]);
});

test("exports have names, except where Next asks for a default", () => {
  const defaults = sources.filter(
    (file) =>
      !/^app\/.*\/?(page|layout|loading|error|not-found|global-error|template|default|manifest|icon|robots)\.tsx?$/.test(
        file,
      ) && /^export default\b/m.test(readFileSync(join(root, file), "utf8")),
  );
  expect(defaults).toEqual([]);
});
