/** Branches, diffs and webhooks as they go over the wire. Loaded by browser and server. */
import { z } from "zod";

/** PostgreSQL's text cannot hold NUL. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((text) => !/[\0\r\n]/.test(text), "Must be one line.");

export const putGitReferenceSchema = z
  .strictObject({
    git_branch: line(255).optional(),
    /** In any spelling that git takes. */
    git_remote_origin: line(2048).optional(),
    /** Of a pull request; null unlinks it. */
    url: z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .nullable()
      .optional(),
  })
  .refine((body) => Object.values(body).some((value) => value !== undefined), "Name a branch, a remote or an address.");
export type PutGitReferenceRequest = z.input<typeof putGitReferenceSchema>;

export const chatDiffSchema = z.object({
  branch: z.string().nullable(),
  remote_origin: z.string().nullable(),
  pull_request_url: z.string().nullable(),
  /** Unified, at most 4 MiB; empty without a reference. */
  diff: z.string(),
  /** Whole files at its end were left out. */
  truncated: z.boolean(),
});
export type ChatDiff = z.infer<typeof chatDiffSchema>;

export const webhookAnswerSchema = z.object({
  /** False for a delivery that was here before. */
  accepted: z.boolean(),
});
