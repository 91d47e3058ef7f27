import { expect, test, vi } from "vitest";
import { z } from "zod";
import { safeParse } from "@/lib/agent/models/parse-by-type";

const schema = z.union([
  z.object({ type: z.literal("delta"), text: z.string() }),
  z.object({ type: z.enum(["added", "done"]), index: z.number().nullish() }),
  z.discriminatedUnion("type", [z.object({ type: z.literal("item"), id: z.string() })]),
  // Once more, with less.
  z.object({ type: z.literal("delta"), text: z.number() }),
  z.looseObject({ type: z.string(), kind: z.string() }).transform((event) => ({ ...event, type: "other" })),
  z.object({ error: z.object({ message: z.string() }) }),
]);

test.each([
  { type: "delta", text: "a", more: 1 },
  { type: "delta", text: 7 },
  { type: "delta", text: null, kind: "odd" },
  { type: "delta" },
  { type: "added" },
  { type: "done", index: 3 },
  { type: "item", id: "1" },
  { type: "item" },
  { type: "unheard of", kind: "new", more: { deep: true } },
  { type: "unheard of" },
  { type: 7, error: { message: "7" } },
  { type: ["delta"], text: "a" },
  { error: { message: "Overloaded" } },
  {},
  [[]],
  [null],
  "delta",
  [undefined],
])("%j is taken or refused as by zod", (value) => {
  const [ours, theirs] = [safeParse(schema, value), schema.safeParse(value)];
  expect([ours.success, ours.data, ours.error?.issues]).toEqual([theirs.success, theirs.data, theirs.error?.issues]);
});

test.each([[z.xor([z.object({ type: z.literal("a") }), z.looseObject({})])], [z.object({ type: z.literal("a") })]])(
  "what is no plain union is parsed as it is",
  (odd) => {
    for (const value of [{ type: "a" }, { type: "b" }, 1])
      expect(safeParse(odd, value).success).toBe(odd.safeParse(value).success);
  },
);

test("options of another type are not asked", () => {
  const ask = vi.fn(() => true);
  const union = z.union([
    z.object({ type: z.literal("other"), text: z.string().refine(ask) }),
    z.object({ type: z.literal("delta"), text: z.string() }),
  ]);
  expect(safeParse(union, { type: "delta", text: "a" })).toEqual({ success: true, data: { type: "delta", text: "a" } });
  expect(ask).not.toHaveBeenCalled();
  safeParse(union, { type: "other", text: "a" });
  expect(ask).toHaveBeenCalledOnce();
});
