/** What a person chooses beside a message. No schema and no zod here: the browser loads it. */

export const BUSY_BEHAVIORS = ["queue", "steer", "interrupt"] as const;
export type BusyBehavior = (typeof BUSY_BEHAVIORS)[number];

export const REASONING_EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
export type ReasoningEffort = (typeof REASONING_EFFORTS)[number];
