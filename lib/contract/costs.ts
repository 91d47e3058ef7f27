/** Costs, limits and insights as they go over the wire: integer micro-dollars. Loaded by browser and server. */
import { z } from "zod";
import { CHAT_STATUSES, PULL_REQUEST_STATES } from "./chat-status";

export const LIMIT_PERIODS = ["day", "week", "month"] as const;
export type LimitPeriod = (typeof LIMIT_PERIODS)[number];

export const CALL_KINDS = ["step", "attempt", "title", "summary", "compaction"] as const;
export type CallKind = (typeof CALL_KINDS)[number];

/** A billion dollars: beyond it a figure is a mistake, and sums of many would leave what a number holds exactly. */
export const MAX_LIMIT_MICROS = 1_000_000_000_000_000;

const count = z.number().int();
const micros = z.number().int();
const figures = {
  total_cost_micros: micros,
  message_count: count,
  /** Paid calls of every kind without a price; their cost is unknown and not in the total. */
  unpriced_call_count: count,
  total_input_tokens: count,
  total_output_tokens: count,
  total_cache_read_tokens: count,
  total_cache_creation_tokens: count,
};

export const kindCostSchema = z.object({
  kind: z.enum(CALL_KINDS),
  call_count: count,
  total_cost_micros: micros,
  unpriced_call_count: count,
});

export const memberCostSchema = z.object({
  chat_id: z.string(),
  title: z.string(),
  parent_chat_id: z.string().nullable(),
  call_count: count,
  total_cost_micros: micros,
  unpriced_call_count: count,
});

export const costPointSchema = z.object({
  at: z.string(),
  /** Of the tree, up to then. */
  cost_micros: micros,
});

export const chatCostSchema = z.object({
  /** Of priced calls; what was not priced is counted beside it, never taken for free. */
  total_cost_micros: micros,
  /** Answers of the model, deleted ones included. */
  message_count: count,
  unpriced_message_count: count,
  /** Paid calls of every kind without a price, answers included. */
  unpriced_call_count: count,
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_creation_tokens: count,
  by_kind: z.array(kindCostSchema),
  /** The root first, then its subagents, dearest first; at most 100. */
  by_chat: z.array(memberCostSchema),
  /** Cumulative, oldest first; at most 100 points, the last one is the total. */
  curve: z.array(costPointSchema),
  /** What the tree may cost; null: no limit of its own. */
  spend_limit_micros: micros.nullable(),
});
export type ChatCost = z.infer<typeof chatCostSchema>;
export type CostPoint = z.infer<typeof costPointSchema>;

export const chatCallSchema = z.object({
  id: count,
  chat_id: z.string(),
  message_id: count.nullable(),
  kind: z.enum(CALL_KINDS),
  model_config_id: z.string().nullable(),
  provider: z.string(),
  model: z.string(),
  input_tokens: count.nullable(),
  output_tokens: count.nullable(),
  reasoning_tokens: count.nullable(),
  cache_read_tokens: count.nullable(),
  cache_creation_tokens: count.nullable(),
  input_price_per_million: z.string().nullable(),
  output_price_per_million: z.string().nullable(),
  cache_read_price_per_million: z.string().nullable(),
  cache_write_price_per_million: z.string().nullable(),
  /** Null: unpriced. 0: free. */
  cost_micros: micros.nullable(),
  created_at: z.string(),
});
/** One paid call with the price in force then. */
export type ChatCall = z.infer<typeof chatCallSchema>;

export const chatCallsSchema = z.object({ calls: z.array(chatCallSchema), has_more: z.boolean() });
export type ChatCalls = z.infer<typeof chatCallsSchema>;

export const usageLimitStatusSchema = z.object({
  /** Whether any limit holds. */
  is_limited: z.boolean(),
  /** At or above the limit: no new work. */
  is_exceeded: z.boolean(),
  /** From 80 % of the limit on. */
  is_near: z.boolean(),
  period: z.enum(LIMIT_PERIODS),
  spend_limit_micros: micros.nullable(),
  spent_micros: micros,
  /** UTC; a week begins on Monday. */
  period_start: z.string(),
  period_end: z.string(),
  resets_at: z.string(),
  source: z.enum(["default", "override"]),
});
export type UsageLimitStatus = z.infer<typeof usageLimitStatusSchema>;

export const modelCostSchema = z.object({
  /** Null: calls whose model was not recorded. */
  model_config_id: z.string().nullable(),
  display_name: z.string(),
  /** The provider's type, and its name. */
  provider: z.string(),
  provider_name: z.string(),
  model: z.string(),
  ...figures,
});
export type ModelCost = z.infer<typeof modelCostSchema>;

export const rootChatCostSchema = z.object({
  root_chat_id: z.string(),
  chat_title: z.string(),
  status: z.enum(CHAT_STATUSES).nullable(),
  archived: z.boolean(),
  /** Of the chat's pull request, as last read from its host; null: it has none. */
  pull_request_state: z.enum(PULL_REQUEST_STATES).nullable(),
  pull_request_draft: z.boolean(),
  ...figures,
});
export type RootChatCost = z.infer<typeof rootChatCostSchema>;

export const costSummarySchema = z.object({
  start_date: z.string(),
  end_date: z.string(),
  total_cost_micros: micros,
  priced_message_count: count,
  unpriced_message_count: count,
  unpriced_call_count: count,
  total_input_tokens: count,
  total_output_tokens: count,
  total_cache_read_tokens: count,
  total_cache_creation_tokens: count,
  chat_count: count,
  /** Dearest first. */
  by_model: z.array(modelCostSchema),
  /** Root chats, dearest first; at most 1,000, `chat_count` says how many there are. */
  by_chat: z.array(rootChatCostSchema),
  usage_limit: usageLimitStatusSchema,
});
export type CostSummary = z.infer<typeof costSummarySchema>;

export const userCostSchema = z.object({
  user_id: z.string(),
  username: z.string(),
  name: z.string(),
  avatar_url: z.string().nullable(),
  /** The account was deleted; the names are its former ones. */
  deleted: z.boolean(),
  chat_count: count,
  ...figures,
});
export type UserCost = z.infer<typeof userCostSchema>;

export const userCostsSchema = z.object({
  start_date: z.string(),
  end_date: z.string(),
  /** Of all pages. */
  count,
  users: z.array(userCostSchema),
  /** Of everybody who matches. */
  totals: z.object(figures),
});
export type UserCosts = z.infer<typeof userCostsSchema>;

export const USER_COST_SORTS = [
  "total_cost_micros",
  "username",
  "message_count",
  "chat_count",
  "total_input_tokens",
  "total_output_tokens",
  "total_cache_read_tokens",
  "total_cache_creation_tokens",
] as const;
export type UserCostSort = (typeof USER_COST_SORTS)[number];
const SORT_CHOICES = [...USER_COST_SORTS, ...USER_COST_SORTS.map((key) => `-${key}` as const)] as const;

/** Earlier than any call, and as far ahead as four digits of a year go. */
const FIRST_YEAR = "1970";

/** An instant with its offset, or a day, which begins at midnight UTC. Milliseconds are the finest. */
const instantSchema = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "A date is an instant such as 2026-11-01T00:00:00Z, or a day such as 2026-11-01.",
  })
  .refine((at) => at.slice(0, 4) >= FIRST_YEAR && !Number.isNaN(Date.parse(at)) && Date.parse(at) >= 0, {
    error: "A date lies between the years 1970 and 9999.",
  })
  .transform((at) => new Date(at).toISOString().replace(".000Z", "Z"))
  .refine((at) => /^\d{4}-/.test(at), { error: "A date lies between the years 1970 and 9999." });

const range = { start_date: instantSchema.optional(), end_date: instantSchema.optional() };
const isForward = ({ start_date, end_date }: { start_date?: string | undefined; end_date?: string | undefined }) =>
  !start_date || Date.parse(start_date) <= (end_date ? Date.parse(end_date) : Date.now());
const REVERSED = { path: ["start_date"], error: "start_date is after end_date. The range is [start_date, end_date)." };

export const costDaySchema = z.object({
  /** `2026-11-23`, in the zone that was asked for. */
  day: z.string(),
  model_config_id: z.string().nullable(),
  cost_micros: micros,
});
export type CostDay = z.infer<typeof costDaySchema>;

export const costRangeQuerySchema = z.strictObject(range).refine(isForward, REVERSED);

/** What a page or a person looks at when they do not say. */
export const DEFAULT_RANGE_DAYS = 30;

/**
 * The range of a query, and its dates as the answer states them. Without an end it goes on until now, whatever clock the
 * database has.
 */
export function toCostRange(query: { start_date?: string | undefined; end_date?: string | undefined }) {
  const end = query.end_date ?? null;
  const endMs = end === null ? Date.now() : Date.parse(end);
  const firstMs = Math.max(0, endMs - DEFAULT_RANGE_DAYS * 86_400_000);
  const start = query.start_date ?? new Date(firstMs).toISOString();
  return { range: { start, end }, dates: { start_date: start, end_date: end ?? new Date(endMs).toISOString() } };
}

export const userCostsQuerySchema = z
  .strictObject({
    ...range,
    /** Part of a name or username. */
    username: z.string().trim().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(10),
    offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
    /** A column, the smallest first; with `-` the largest first. */
    sort: z.enum(SORT_CHOICES).default("-total_cost_micros"),
  })
  .refine(isForward, REVERSED);
export type UserCostsQuery = z.output<typeof userCostsQuerySchema>;

export const userCostExportQuerySchema = z
  .strictObject({ ...range, username: z.string().trim().max(100).optional() })
  .refine(isForward, REVERSED);

export const COST_EXPORTS = ["chats", "calls"] as const;
export const costExportQuerySchema = z
  .strictObject({ ...range, rows: z.enum(COST_EXPORTS).default("chats") })
  .refine(isForward, REVERSED);

export const chatCallsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before_id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
});

/** What may be spent; 0: nothing. */
export const limitMicros = z.number().int().min(0).max(MAX_LIMIT_MICROS);

export const usageLimitOverrideSchema = z.object({
  user_id: z.string(),
  username: z.string(),
  name: z.string(),
  avatar_url: z.string().nullable(),
  /** Null: no limit for this person. */
  spend_limit_micros: micros.nullable(),
  /** In the running period. */
  spent_micros: micros,
});
export type UsageLimitOverride = z.infer<typeof usageLimitOverrideSchema>;

export const usageLimitsSchema = z.object({
  /** Null: no limit. */
  spend_limit_micros: micros.nullable(),
  period: z.enum(LIMIT_PERIODS),
  /** Whether work goes on when the check itself fails. */
  fail_open: z.boolean(),
  /** Enabled models without a price: what they cost counts against no limit. */
  unpriced_model_count: count,
  overrides: z.array(usageLimitOverrideSchema),
  /** Whose agents are paused at a limit now, and how many. */
  waiting: z.array(z.object({ user_id: z.string(), username: z.string(), name: z.string(), chat_count: count })),
});
export type UsageLimits = z.infer<typeof usageLimitsSchema>;

export const putUsageLimitsSchema = z.strictObject({
  spend_limit_micros: limitMicros.nullable(),
  period: z.enum(LIMIT_PERIODS).optional(),
  fail_open: z.boolean().optional(),
});
export type PutUsageLimits = z.output<typeof putUsageLimitsSchema>;

export const putUsageLimitOverrideSchema = z.strictObject({ spend_limit_micros: limitMicros.nullable() });

export const INSIGHT_DAYS = [7, 14, 30, 90] as const;
export type InsightDays = (typeof INSIGHT_DAYS)[number];

export const insightsQuerySchema = z.strictObject({
  days: z
    .enum(["7", "14", "30", "90"])
    .default("30")
    .transform((days) => Number(days) as InsightDays),
});

const pullRequestFigures = {
  created_count: count,
  merged_count: count,
  /** Merged of created, 0 to 1; null when none was created. */
  merge_rate: z.number().nullable(),
  /** What the agents behind the merged ones cost. */
  merged_cost_micros: micros,
  /** Rounded up; null when none was merged. */
  cost_per_merged_micros: micros.nullable(),
  /** Calls without a price among them: the cost is then higher than it says. */
  unpriced_call_count: count,
};

export const insightsSchema = z.object({
  days: z.number().int(),
  start_date: z.string(),
  end_date: z.string(),
  ...pullRequestFigures,
  /** One entry per UTC day, oldest first. */
  series: z.array(z.object({ date: z.string(), created_count: count, merged_count: count })),
  by_model: z.array(
    z.object({ model_config_id: z.string().nullable(), display_name: z.string(), ...pullRequestFigures }),
  ),
  /** The newest 20. */
  recent: z.array(
    z.object({
      url: z.string(),
      title: z.string(),
      pr_number: z.number().int().nullable(),
      state: z.enum(PULL_REQUEST_STATES),
      draft: z.boolean(),
      author_login: z.string().nullable(),
      author_avatar_url: z.string().nullable(),
      owner_username: z.string(),
      cost_micros: micros.nullable(),
      unpriced_call_count: count,
      created_at: z.string(),
    }),
  ),
});
export type Insights = z.infer<typeof insightsSchema>;
