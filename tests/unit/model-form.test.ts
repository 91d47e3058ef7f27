import { describe, expect, test } from "vitest";
import {
  isSameModel,
  matchesPriceList,
  offeredModels,
  toBody,
  toFields,
  toPriced,
  toPrices,
} from "@/components/admin/models/model-form";
import { toSettings } from "@/components/admin/models/use-provider-form";
import { safeNext } from "@/components/auth/safe-next";
import { reconnectDelayMs } from "@/components/live/backoff";
import { parseTheme } from "@/components/theme";
import type { ModelOptions, Pricing } from "@/lib/contract/models";

describe("the provider form", () => {
  const typed = { api: "chat", region: " eu-west-1 " } as const;

  test("sends the settings that the type has, and no other's", () => {
    expect(toSettings({ type: "openai", ...typed })).toEqual({ api: "chat" });
    expect(toSettings({ type: "bedrock", ...typed })).toEqual({ region: "eu-west-1" });
    expect(toSettings({ type: "google", ...typed })).toEqual({});
    expect(toSettings({ type: "azure", api: "responses", region: "" })).toEqual({});
  });
});

describe("known models", () => {
  const known = ["a/one", "a/two", "b/one"].map((model) => ({ model }));

  test("are offered as far as they fit what is typed, until one is chosen", () => {
    expect(offeredModels(known, "")).toEqual(["a/one", "a/two", "b/one"]);
    expect(offeredModels(known, " ONE")).toEqual(["a/one", "b/one"]);
    expect(offeredModels(known, "b/one")).toEqual([]);
    expect(
      offeredModels(
        Array.from({ length: 50 }, (_, n) => ({ model: `m${n}` })),
        "m",
      ),
    ).toHaveLength(8);
  });
});

const NO_PRICES = {
  input_price_per_million: null,
  output_price_per_million: null,
  cache_read_price_per_million: null,
  cache_write_price_per_million: null,
  cache_write_hour_price_per_million: null,
};

describe("the model form", () => {
  const fields = {
    ...toFields(null, { providerId: "provider" }),
    model: " qwen3 ",
    contextLimit: "262,144",
    prices: toPrices({ input_price_per_million: "0.000000000001", output_price_per_million: "0" }),
  };

  test("sends prices as typed: every digit, empty as null, zero as zero", () => {
    expect(toBody(fields, {})).toMatchObject({
      model: "qwen3",
      display_name: "qwen3",
      context_limit: 262_144,
      pricing: {
        input_price_per_million: "0.000000000001",
        output_price_per_million: "0",
        cache_read_price_per_million: null,
        cache_write_price_per_million: null,
      },
    });
  });

  test("sends options as numbers, drops those that were cleared and keeps those without a field", () => {
    const stored = { temperature: 0.2, reasoning_effort: "high", unknown_here: true } as ModelOptions;
    expect(toBody(fields, stored).options).toEqual({ unknown_here: true });
    const typed = { ...fields, maxOutputTokens: "8,000", temperature: "0,7", effort: "low" as const };
    expect(toBody(typed, stored).options).toEqual({
      unknown_here: true,
      max_output_tokens: 8_000,
      temperature: 0.7,
      reasoning_effort: "low",
    });
  });

  test("is unchanged when what would be stored is the same", () => {
    expect(isSameModel(fields, { ...fields, model: "qwen3", contextLimit: "262144" })).toBe(true);
    expect(isSameModel(fields, { ...fields, temperature: "0.7" })).toBe(false);
  });

  test("sends what is not a number as typed, for the server to name", () => {
    expect(toBody({ ...fields, contextLimit: "many" }, {}).context_limit).toBe("many");
  });

  const pricing = (input: string, above: string | null = null): Pricing => {
    const prices = { ...NO_PRICES, input_price_per_million: input };
    return { ...prices, tiers: above ? [{ above_tokens: 200_000, ...NO_PRICES, input_price_per_million: above }] : [] };
  };

  test.each([
    [true, pricing("3.00"), pricing("03")],
    [false, pricing("3.01"), pricing("3")],
    [true, pricing("3", "6"), pricing("3", "6.0")],
    [false, pricing("3"), pricing("3", "6")],
    [false, { ...pricing("3"), cache_write_hour_price_per_million: "6" }, pricing("3")],
  ])("is the price list's or not, compared as decimals, with hour prices and tiers: %s", (same, ours, list) => {
    expect(matchesPriceList(toPriced(ours), toPriced(list))).toBe(same);
  });

  test("sends typed prices of long prompts, and says of a limit that is no number what was typed", () => {
    const prices = { ...toPrices(undefined), input: "6" };
    const typed = (aboveTokens: string) => toBody({ ...fields, tiers: [{ aboveTokens, prices }] }).pricing;
    expect(typed("200,000")).toMatchObject({ tiers: pricing("3", "6").tiers });
    expect(typed("lots")).toMatchObject({ tiers: [{ above_tokens: "lots" }] });
  });

  test("adopts the list's prices as a whole, the hour's and those of long prompts too", () => {
    const list = { ...pricing("3", "6"), cache_write_hour_price_per_million: "6" };
    expect(toBody({ ...fields, ...toPriced(list) }).pricing).toEqual(list);
  });
});

test.each([
  ["/agents/1?archived=true", "/agents/1?archived=true"],
  [undefined, "/agents"],
  ["https://evil.example", "/agents"],
  ["//evil.example", "/agents"],
  ["/\\evil.example", "/agents"],
  ["/\t/evil.example", "/agents"],
  ["javascript:alert(1)", "/agents"],
])("after signing in %s leads to %s", (next, target) => expect(safeNext(next)).toBe(target));

test("reconnecting waits 1 s, doubles to 5 s, and never in step", () => {
  expect([1, 2, 3, 4, 5, 50].map((attempt) => reconnectDelayMs(attempt, 0.5))).toEqual([
    1_000, 2_000, 4_000, 5_000, 5_000, 5_000,
  ]);
  expect([reconnectDelayMs(1, 0), reconnectDelayMs(1, 1)]).toEqual([700, 1_300]);
});

test("a theme that a cookie makes up is the system's", () => {
  expect([parseTheme("dark"), parseTheme("<script>"), parseTheme(undefined)]).toEqual(["dark", "system", "system"]);
});
