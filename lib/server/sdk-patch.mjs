/**
 * Lets the provider packages read event streams through `lib/agent/models/json-events.ts` while they are bundled: their
 * `parseJsonEventStream` pipes each token through three web streams, a quarter of the server's CPU with many answers
 * at once. And each token's schema is checked at once instead of through promises, for which zod has no compiled code: a
 * tenth of the time. The schemas of the tools are made fit for OpenAI once instead of for each step. Changes no file.
 * Each package may bring a copy of its own.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const UTILS = /[\\/]@ai-sdk[\\/]provider-utils[\\/]dist[\\/]index\.js$/;
const OPENAI = /[\\/]@ai-sdk[\\/]openai[\\/]dist[\\/]index\.js$/;
const NORMALIZE = "function normalizeOpenAIJsonSchema(schema) {";
/** None of the packages' schemas has anything to wait for; one that had would throw. */
const CHECK = /await safeParseAsync\((zodSchema2?), value\)/g;
const ZOD = /import \{ safeParseAsync \} from "zod\/v4";/g;
const PIPES = /return stream\s*\.pipeThrough\(new TextDecoderStream\(\)\)[\s\S]*?\n\}/g;

/** The schema is wrapped once, not for every token. */
const READ = `schema = schema && asSchema(schema);
  return readJsonEvents(stream, (text) => safeParseJSON({ text, schema }));
}`;

/**
 * The text of a copy with the one stream instead of the three, and without promises around each token's schema.
 * @param {string} text
 * @param {string} reader path of the module that exports `readJsonEvents`
 * @throws Error when the package is not one that this was made for
 */
export function withOneStream(text, reader) {
  const isKnown =
    /function safeParseJSON\(\{\s*text,\s*schema\s*\}\)/.test(text) && /function asSchema\(schema\)/.test(text);
  if (text.match(PIPES)?.length !== 1 || text.match(CHECK)?.length !== 1 || text.match(ZOD)?.length !== 1 || !isKnown) {
    throw new Error("@ai-sdk/provider-utils has changed: look at lib/server/sdk-patch.mjs again.");
  }
  const patched = text
    .replace(PIPES, () => READ)
    .replace(CHECK, (_, schema) => `safeParse(${schema}, value)`)
    .replace(ZOD, () => 'import { safeParse } from "zod/v4";');
  return `import { readJsonEvents } from ${JSON.stringify(reader)};\n${patched}`;
}

/**
 * The text of OpenAI's package with a memory of the schemas that it was given: ours are the same objects in every step.
 * @param {string} text
 * @throws Error when the package is not one that this was made for
 */
export function withNormalizedOnce(text) {
  if (text.split(NORMALIZE).length !== 2)
    throw new Error("@ai-sdk/openai has changed: look at lib/server/sdk-patch.mjs.");
  return text.replace(
    NORMALIZE,
    () => `const normalizedSchemas = new WeakMap();
function normalizeOpenAIJsonSchema(schema) {
  let known = normalizedSchemas.get(schema);
  if (!known) normalizedSchemas.set(schema, (known = normalizeOnce(schema)));
  return known;
}
function normalizeOnce(schema) {`,
  );
}

/** For esbuild. */
export const sdkPatch = {
  name: "sdk-patch",
  setup(build) {
    const reader = join(build.initialOptions.absWorkingDir, "lib/agent/models/json-events.ts");
    build.onLoad({ filter: UTILS }, ({ path }) => ({
      contents: withOneStream(readFileSync(path, "utf8"), reader),
      loader: "js",
    }));
    build.onLoad({ filter: OPENAI }, ({ path }) => ({
      contents: withNormalizedOnce(readFileSync(path, "utf8")),
      loader: "js",
    }));
  },
};
