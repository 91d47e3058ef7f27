/** The environment, read once and validated. The only file that reads `process.env`. */
import { resolve } from "node:path";
import { z } from "zod";
import { type ExternalAuthEntry, parseExternalAuth } from "./external-auth-entries";

const text = z.string().trim().min(1);
const milliseconds = (fallback: number) => z.coerce.number().int().min(1).default(fallback);

const schema = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65535).default(3000),
    HOST: text.default("127.0.0.1"),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    SLIPWAY_DATA_DIR: text.default(".slipway").transform((path) => resolve(path)),
    SLIPWAY_SECRET_KEY: text
      .refine((key) => Buffer.from(key, "base64").length === 32, "must be 32 bytes in base64")
      .optional(),
    SLIPWAY_ACCESS_URL: z.url({ protocol: /^https?$/ }).optional(),
    SLIPWAY_ROLE: z.enum(["web", "daemon", "all"]).default("all"),
    SLIPWAY_ADMIN_EMAIL: z.email().optional(),
    SLIPWAY_ADMIN_PASSWORD: z.string().min(8).optional(),
    SLIPWAY_ADMIN_TOKEN: z.string().min(32, "must have at least 32 characters").optional(),
    SLIPWAY_MAX_RUNNING: z.coerce.number().int().min(1).default(200),
    SLIPWAY_WORKER_HEARTBEAT_MS: milliseconds(2_000),
    SLIPWAY_WORKER_LEASE_MS: milliseconds(10_000),
    SLIPWAY_MODEL_SILENCE_MS: milliseconds(600_000),
    SLIPWAY_GITSYNC_INTERVAL_MS: milliseconds(10_000),
    ANTHROPIC_API_KEY: text.optional(),
    ANTHROPIC_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
    OPENAI_API_KEY: text.optional(),
    OPENAI_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
    GOOGLE_GENERATIVE_AI_API_KEY: text.optional(),
    GOOGLE_GENERATIVE_AI_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
    SLIPWAY_GALLERY: z.enum(["0", "1"]).default("0"),
    LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  })
  .superRefine((env, context) => {
    if (env.SLIPWAY_ROLE !== "all" && !env.DATABASE_URL) {
      context.addIssue({ code: "custom", path: ["SLIPWAY_ROLE"], message: `${env.SLIPWAY_ROLE} needs DATABASE_URL` });
    }
    if (env.SLIPWAY_WORKER_LEASE_MS < 2 * env.SLIPWAY_WORKER_HEARTBEAT_MS) {
      context.addIssue({
        code: "custom",
        path: ["SLIPWAY_WORKER_LEASE_MS"],
        message: "must be at least twice the heartbeat",
      });
    }
    if (env.SLIPWAY_ADMIN_EMAIL && !env.SLIPWAY_ADMIN_PASSWORD) {
      context.addIssue({
        code: "custom",
        path: ["SLIPWAY_ADMIN_PASSWORD"],
        message: "is needed with SLIPWAY_ADMIN_EMAIL",
      });
    }
  });

/** Every variable that is read by name; `.env.example` lists the same. */
export const VARIABLE_NAMES: string[] = Object.keys(schema.shape);

export type Env = z.infer<typeof schema> & { externalAuth: ExternalAuthEntry[] };

/**
 * Parses variables; an empty one counts as unset.
 * @throws Error with one line that names every bad variable, its problem and never its value.
 */
export function parseEnv(variables: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = schema.safeParse(given);
  const git = parseExternalAuth(given);
  if (parsed.success && git.problems.length === 0) return { ...parsed.data, externalAuth: git.entries };
  const problems = parsed.error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) ?? [];
  problems.push(...git.problems);
  throw new Error(`Bad environment: ${problems.join("; ")}`);
}

/** The process's own environment, parsed. */
export const readEnv = (): Env => parseEnv(process.env);

/** What the person's shell told us about this machine: where tools are, and certificates beside the system's. */
export const readHost = (): { searchPath: string; caFile: string | null } => ({
  searchPath: process.env.PATH ?? "",
  caFile: process.env.NODE_EXTRA_CA_CERTS || null,
});
