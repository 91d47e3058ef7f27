/** Writes the table of route modules that the entry program mounts: every `route.ts` under `app/api`, statically imported. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
mkdirSync(join(root, "app"), { recursive: true });
const files = readdirSync(join(root, "app"), { recursive: true })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /^api\/(.+\/)?route\.ts$/.test(file))
  .sort();
const imports = files.map((file, index) => `import * as route${index} from "@/app/${file.slice(0, -3)}";`);
const rows = files.map((file, index) => `  { path: "/${file.replace(/\/route\.ts$/, "")}", module: route${index} },`);
const text = `// Written by generate-routes.mjs.
${imports.join("\n")}

export const routeModules: { path: string; module: Record<string, unknown> }[] = [
${rows.join("\n")}
];
`;
writeFileSync(join(root, "lib/server/routes.generated.ts"), text);
