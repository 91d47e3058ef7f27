/**
 * Validation of a provider's events. Takes the place of zod's own `safeParse` in the packages
 * (`lib/server/sdk-patch.mjs`), which tries every option of a union until one fits: thirty of OpenAI's, for an event
 * that is none of them, and each of them says at length why not.
 */
import { z } from "zod";

type Options = { byType: ReadonlyMap<unknown, z.ZodType[]>; untyped: z.ZodType[] };

const known = new WeakMap<z.ZodType, Options>();

/** As zod's: the first option of a union that fits, or what all of them say. Others than of the event's `type` are not asked. */
export function safeParse<T>(schema: z.ZodType<T>, value: unknown): z.ZodSafeParseResult<T> {
  const type = typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
  const isPlainUnion = schema instanceof z.ZodUnion && schema.def.inclusive !== false;
  if (type !== undefined && isPlainUnion) {
    const { byType, untyped } = optionsOf(schema);
    for (const option of byType.get(type) ?? untyped) {
      const result = option.safeParse(value);
      if (result.success) return result as z.ZodSafeParseResult<T>;
    }
  }
  return schema.safeParse(value);
}

function optionsOf(union: z.ZodUnion): Options {
  const found = known.get(union) ?? sortByType(union.options as z.ZodType[]);
  known.set(union, found);
  return found;
}

/** For each `type` that some option asks for: the options that may fit it, in their order. */
function sortByType(options: z.ZodType[]): Options {
  const typesOf = (option: z.ZodType) => option._zod.propValues?.type;
  const types = new Set(options.flatMap((option) => [...(typesOf(option) ?? [])]));
  const fitting = (type: unknown) => options.filter((option) => typesOf(option)?.has(type as string) ?? true);
  return {
    byType: new Map([...types].map((type) => [type, fitting(type)])),
    untyped: options.filter((option) => typesOf(option) === undefined),
  };
}
