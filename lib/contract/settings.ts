/** What a person chooses for themselves, and what administrators choose for the installation. Loaded by browser and server. */
import { z } from "zod";

/** PostgreSQL's text cannot hold NUL. */
const textSchema = z.string().refine((text) => !text.includes("\0"), "Must not contain NUL characters.");

/** Enough for how somebody likes to work; it stands in every prompt. */
export const MAX_PERSONAL_PROMPT_CHARACTERS = 16_384;
export const MAX_SYSTEM_PROMPT_BYTES = 128 * 1024;

/** When a person is told of a chat that they do not look at. */
export const NOTIFICATION_EVENTS = ["done", "needs_input", "error", "limit"] as const;
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

export const notificationSettingsSchema = z.strictObject({
  done: z.boolean(),
  needs_input: z.boolean(),
  error: z.boolean(),
  limit: z.boolean(),
});
export type NotificationSettings = z.infer<typeof notificationSettingsSchema>;

/** Percent of the context limit; 100 turns automatic compaction off. */
export const thresholdSchema = z.number().int().min(1).max(100);

export const personalSettingsSchema = z.object({
  /** Instructions for every agent of this person; empty: none. */
  personal_prompt: z.string(),
  /** By model configuration; absent: the model's own. */
  compaction_thresholds: z.record(z.string(), thresholdSchema),
  notifications: notificationSettingsSchema,
});
export type PersonalSettings = z.infer<typeof personalSettingsSchema>;

/** What is absent stays as it is. */
export const putPersonalSettingsSchema = z.strictObject({
  personal_prompt: textSchema.max(MAX_PERSONAL_PROMPT_CHARACTERS).optional(),
  compaction_thresholds: z
    .record(z.uuid(), thresholdSchema)
    .refine((thresholds) => Object.keys(thresholds).length <= 200, "At most 200 models.")
    .optional(),
  notifications: notificationSettingsSchema.partial().optional(),
});
export type PutPersonalSettings = z.input<typeof putPersonalSettingsSchema>;

export const deploymentSettingsSchema = z.object({
  /** Instructions for every agent of the installation; empty: none. */
  system_prompt: z.string(),
  /** Whether the built-in instructions stand before it. */
  include_default_system_prompt: z.boolean(),
  /** What an agent in plan mode is told besides; empty: nothing. */
  plan_instructions: z.string(),
});
export type DeploymentSettings = z.infer<typeof deploymentSettingsSchema>;

const promptSchema = textSchema.refine(
  (text) => new TextEncoder().encode(text).length <= MAX_SYSTEM_PROMPT_BYTES,
  "At most 128 KiB.",
);

/** What is absent stays as it is. */
export const putDeploymentSettingsSchema = z.strictObject({
  system_prompt: promptSchema.optional(),
  include_default_system_prompt: z.boolean().optional(),
  plan_instructions: promptSchema.optional(),
});
export type PutDeploymentSettings = z.input<typeof putDeploymentSettingsSchema>;

export const DEFAULT_PERSONAL_SETTINGS: PersonalSettings = {
  personal_prompt: "",
  compaction_thresholds: {},
  notifications: { done: true, needs_input: true, error: true, limit: true },
};

export const DEFAULT_DEPLOYMENT_SETTINGS: DeploymentSettings = {
  system_prompt: "",
  include_default_system_prompt: true,
  plan_instructions: "",
};
