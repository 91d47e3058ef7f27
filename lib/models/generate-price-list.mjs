/**
 * Writes `price-list.json` from the maintained price list that is a development dependency, so that a change of prices
 * is a change one can read. Run by `npm run prices` after an update of that package; never at run time.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { findProvider } from "@pydantic/genai-prices";

/** Our provider type, the list's name of it, and which of its models an agent can use. */
const VENDORS = [
  { type: "anthropic", id: "anthropic", wanted: /^claude-(?!2|v1|3-)/ },
  { type: "openai", id: "openai", wanted: /^(gpt-(4\.1|[5-9])|o[34])/ },
  { type: "google", id: "google", wanted: /^gemini-(2\.5|[3-9])/ },
  { type: "bedrock", id: "aws", wanted: /^(global\.|amazon\.nova|deepseek|mistral|nvidia|openai|qwen)/ },
  { type: "openrouter", id: "openrouter", wanted: /^[a-z0-9-]+\/[^:]+$/ },
];
const NOT_FOR_AGENTS =
  /image|audio|realtime|tts|transcribe|search|embed|live|research|safeguard|chat|sonic|lyria|guard/;
const MIN_CONTEXT_TOKENS = 100_000;

/** In the order of the rows. */
const PRICES = ["input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok", "cache_write_1h_mtok"];

/**
 * The rows of `price-list.json`: model, name where it is another, context limit, prices for input, output, cache read,
 * cache write and the write that is kept for an hour, then the tiers: above how many tokens, and the five prices again.
 */
export function collectPrices(asOf) {
  return Object.fromEntries(
    VENDORS.map(({ type, id, wanted }) => [
      type,
      findProvider({ providerId: id })
        .models.filter((model) => wanted.test(model.id) && !NOT_FOR_AGENTS.test(model.id) && !model.deprecated)
        .map((model) => toRow(model, type, asOf))
        .filter(([, , contextLimit, input, output]) => contextLimit >= MIN_CONTEXT_TOKENS && input && output),
    ]),
  );
}

function toRow(model, type, asOf) {
  const prices = pricesAt(model.prices, asOf);
  const contextLimit = model.context_window ?? (type === "google" ? contextAtOpenRouter(`google/${model.id}`) : 0);
  const hasOwnName = model.name && type !== "openrouter" && type !== "bedrock";
  const base = PRICES.map((name) => toDecimal(priceAbove(prices[name], 0)));
  const tiers = tierStarts(prices).map((above) => [
    above,
    ...PRICES.map((name) => toDecimal(priceAbove(prices[name], above))),
  ]);
  // Trailing cells that say nothing are left out.
  if (tiers.length > 0) base.push(tiers);
  else if (base.at(-1) === null) base.pop();
  return [model.id, hasOwnName ? model.name : null, contextLimit, ...base];
}

/** Sizes of the prompt above which some price is another, ascending. */
function tierStarts(prices) {
  const starts = PRICES.flatMap((name) => prices[name]?.tiers ?? []).map(({ start }) => start);
  return [...new Set(starts)].sort((a, b) => a - b);
}

/** The price of a call whose prompt is above this size; a tier of the list begins one token above its start. */
function priceAbove(price, above) {
  if (typeof price !== "object") return price;
  return price.tiers.findLast(({ start }) => start <= above && above > 0)?.price ?? price.base;
}

const contextAtOpenRouter = (id) =>
  findProvider({ providerId: "openrouter" }).models.find((model) => model.id === id)?.context_window ?? 0;

/** The last of the dated prices that has begun; prices by the hour of the day are not followed. */
function pricesAt(prices, asOf) {
  if (!Array.isArray(prices)) return prices;
  const begun = prices.filter(
    ({ constraint: when }) => !when || (when.type === "start_date" && when.start_date <= asOf),
  );
  return begun.at(-1)?.prices ?? {};
}

/** One that was divided by floating point is none. */
function toDecimal(base) {
  if (base === undefined) return null;
  const text = String(base);
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`The price list says ${text}, which is not a plain decimal.`);
  return /\.\d{7}/.test(text) ? null : text;
}

function main() {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const version = manifest.devDependencies["@pydantic/genai-prices"];
  const asOf = new Date().toISOString().slice(0, 10);
  const lists = Object.entries(collectPrices(asOf)).map(
    ([type, rows]) => `    "${type}": [\n${rows.map((row) => `      ${toJsonRow(row)}`).join(",\n")}\n    ]`,
  );
  const head = `  "source": "@pydantic/genai-prices ${version}",\n  "asOf": "${asOf}",\n`;
  writeFileSync(new URL("price-list.json", import.meta.url), `{\n${head}  "models": {\n${lists.join(",\n")}\n  }\n}\n`);
}

const toJsonRow = (row) => `[${row.map((cell) => JSON.stringify(cell)).join(", ")}]`;

if (import.meta.filename === process.argv[1]) main();
