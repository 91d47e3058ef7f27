/**
 * Lets the provider packages read event streams through `lib/agent/models/event-stream.ts` while they are bundled: they
 * take each token through up to eight web streams and a dozen promises, a third of the server's CPU with many answers at
 * once. The schemas of the tools are made fit for OpenAI once instead of for each step. Changes no file. Each package
 * may bring a copy of its own.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Replaces what matches, which must be there as often as was seen.
 * @throws Error when the package is not one that this was made for
 */
function replaceOnly(text, { name, pattern, by, count = 1 }) {
  if (text.match(new RegExp(pattern, "g"))?.length !== count) {
    throw new Error(`@ai-sdk/${name} has changed: look at lib/server/sdk-patch.mjs again (${pattern.source}).`);
  }
  return text.replace(new RegExp(pattern, "g"), by);
}

const PARSE = /async function safeParseJSON\(\{\s*text,\s*schema\s*\}\) \{[\s\S]*?\n\}/;
const VALIDATE = /async function safeValidateTypes\(\{\s*value,\s*schema,\s*context\s*\}\) \{[\s\S]*?\n\}/;

/** The function once more, without waiting. */
const synchronous = (name) => (text) =>
  `${text}\n${text
    .replace(/async function \w+/, `function ${name}`)
    .replace("await safeValidateTypes(", "validateNow(")
    .replace("await actualSchema.validate(", "actualSchema.validate(")}`;

/** Makes a copy of each request for a telemetry that nobody here has. Older copies have no such function. */
const REDACTION = /(function withTelemetryRedaction\(value, redact\) \{)[\s\S]*?\n\}/;

const UTILS = [
  {
    pattern: /return stream\s*\.pipeThrough\(new TextDecoderStream\(\)\)[\s\S]*?\n\}/,
    // The schema is wrapped once, not for every token.
    by: `schema = schema && asSchema(schema);
  return readJsonEvents(stream, (text) => parseNow({ text, schema }));
}`,
  },
  {
    pattern: /(function wrapResponseBodyStream\(\{[\s\S]*?)return new ReadableStream\(/,
    by: "$1return createEventStream(",
  },
  // None of the packages' schemas has anything to wait for; one that had would throw.
  {
    pattern: /async \(value\) => \{(\s*)const result = await safeParseAsync\((zodSchema2?), value\)/,
    by: "(value) => {$1const result = safeParse($2, value)",
  },
  { pattern: /import \{ safeParseAsync \} from "zod\/v4";/, by: "" },
  { pattern: PARSE, by: synchronous("parseNow") },
  { pattern: VALIDATE, by: synchronous("validateNow") },
];

/**
 * The text of a copy of the packages' common part, without web streams between the body and its events, and without
 * promises around each token's schema, of which the part is asked that is of its type.
 * @param {string} text
 * @param {string} folder of the modules that export `readJsonEvents`, `safeParse` and `createEventStream`
 */
export function withOneStream(text, folder) {
  const patched = UTILS.reduce((sofar, change) => replaceOnly(sofar, { name: "provider-utils", ...change }), text);
  const from = (file) => JSON.stringify(join(folder, file));
  return `import { readJsonEvents } from ${from("json-events.ts")};
import { safeParse } from ${from("parse-by-type.ts")};
import { createEventStream } from ${from("event-stream.ts")};
${patched.replace(REDACTION, "$1 return value; }")}`;
}

/** How many answers a package reads, of its chat, completion and other models. */
const READERS = { openai: [3], "openai-compatible": [2], anthropic: [1, 2] };

/**
 * The text of a vendor's package, whose transformers are given to our streams as they are.
 * @param {string} text
 * @param {keyof typeof READERS} name
 */
export function withoutPipes(text, name) {
  const pattern = /\.pipeThrough\(\s*new TransformStream\(/;
  const count = text.split("new TransformStream(").length - 1;
  if (!READERS[name].includes(count)) {
    throw new Error(`@ai-sdk/${name} has changed: look at lib/server/sdk-patch.mjs again (${count} streams).`);
  }
  return replaceOnly(text, { name, pattern, by: ".pipeThrough((", count });
}

/**
 * The text of OpenAI's package with a memory of the schemas that it was given: ours are the same objects in every step.
 * @param {string} text
 */
export function withNormalizedOnce(text) {
  return replaceOnly(text, {
    name: "openai",
    pattern: /function normalizeOpenAIJsonSchema\(schema\) \{/,
    by: `const normalizedSchemas = new WeakMap();
function normalizeOpenAIJsonSchema(schema) {
  let known = normalizedSchemas.get(schema);
  if (!known) normalizedSchemas.set(schema, (known = normalizeOnce(schema)));
  return known;
}
function normalizeOnce(schema) {`,
  });
}

/** What becomes of each package's text. */
const PATCHES = {
  "provider-utils": withOneStream,
  openai: (text) => withoutPipes(withNormalizedOnce(text), "openai"),
  "openai-compatible": (text) => withoutPipes(text, "openai-compatible"),
  anthropic: (text) => withoutPipes(text, "anthropic"),
};

const PACKAGE = /[\\/]@ai-sdk[\\/](provider-utils|openai|openai-compatible|anthropic)[\\/]dist[\\/]index\.js$/;

/** @returns {string | undefined} undefined of any other file */
function patch(text, path, root) {
  const name = PACKAGE.exec(path)?.[1];
  return name && PATCHES[name](text, join(root, "lib/agent/models"));
}

/** For esbuild. */
export const sdkPatch = {
  name: "sdk-patch",
  setup(build) {
    const { absWorkingDir } = build.initialOptions;
    build.onLoad({ filter: PACKAGE }, ({ path }) => ({
      contents: patch(readFileSync(path, "utf8"), path, absWorkingDir),
      loader: "js",
    }));
  },
};

/** For tests: they run what is bundled. */
export const viteSdkPatch = (root) => ({
  name: "sdk-patch",
  transform: (text, path) => patch(text, path, root),
});
