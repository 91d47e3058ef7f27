/** The git hosts that the environment names: `SLIPWAY_EXTERNAL_AUTH_<n>_…`. Pure; reads no environment itself. */
import { z } from "zod";
import { GIT_HOST_TYPES, type GitHostType } from "./contract/external-auth";
import { apiBaseUrlOf, webUrlOf } from "./gitproviders/addresses";

export type ExternalAuthEntry = {
  /** In addresses and in the rows of linked accounts. */
  id: string;
  type: GitHostType;
  apiBaseUrl: string;
  /** Derived from it. */
  webUrl: string;
  /** Null: nobody can link an account by OAuth here, only by a token. */
  oauth: OAuthClient | null;
  /** Which remotes, as they are given; null: those of the host itself. */
  pattern: RegExp | null;
  /** Serves everybody who has linked no account of their own. */
  token: string | null;
  webhookSecret: string | null;
};

export type OAuthClient = {
  clientId: string;
  clientSecret: string;
  authUrl: string;
  tokenUrl: string;
  scopes: string[];
};

type HostDefaults = { auth: string; token: string; scopes: string[] };

/** Paths below the web address, and what pushing and pull requests need. */
const DEFAULTS = {
  github: { auth: "/login/oauth/authorize", token: "/login/oauth/access_token", scopes: ["repo", "workflow"] },
  gitlab: { auth: "/oauth/authorize", token: "/oauth/token", scopes: ["api", "write_repository"] },
  forgejo: { auth: "/login/oauth/authorize", token: "/login/oauth/access_token", scopes: [] },
} satisfies Record<GitHostType, HostDefaults>;

const text = z.string().trim().min(1);
const url = z.url({ protocol: /^https?$/ });
const fields = {
  ID: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z][a-z0-9._-]{0,62}$/, "must be a lower-case letter, then letters, digits, dots and hyphens"),
  TYPE: z.enum(GIT_HOST_TYPES),
  CLIENT_ID: text,
  CLIENT_SECRET: text,
  AUTH_URL: url,
  TOKEN_URL: url,
  SCOPES: text,
  REGEX: text.refine(isExpression, "is not a regular expression"),
  API_BASE_URL: url,
  TOKEN: text,
  WEBHOOK_SECRET: text,
} as const;
const schema = z.object(fields).partial();
type Given = z.infer<typeof schema>;

const VARIABLE = /^(SLIPWAY_EXTERNAL_AUTH_\d+)_(.+)$/;

/** Entries by number, and what is wrong with them, each problem with its variable and never its value. */
export function parseExternalAuth(given: Record<string, string | undefined>): {
  entries: ExternalAuthEntry[];
  problems: string[];
} {
  const problems: string[] = [];
  const entries: ExternalAuthEntry[] = [];
  for (const [prefix, values] of groupByEntry(given)) {
    const parsed = schema.safeParse(values);
    const found = [...(parsed.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [])];
    found.push(...Object.keys(values).flatMap((name) => (name in fields ? [] : [`${name}: is not known`])));
    if (parsed.success) found.push(...contradictions(parsed.data));
    const entry = parsed.success && found.length === 0 ? toEntry(parsed.data) : undefined;
    if (entry && entries.some(({ id }) => id === entry.id)) found.push("ID: is used by another entry too");
    else if (entry) entries.push(entry);
    problems.push(...found.map((problem) => `${prefix}_${problem}`));
  }
  return { entries, problems };
}

function groupByEntry(given: Record<string, string | undefined>): [string, Record<string, string>][] {
  const groups = new Map<string, Record<string, string>>();
  for (const [variable, value] of Object.entries(given)) {
    const [, prefix, name] = VARIABLE.exec(variable) ?? [];
    if (!prefix || !name || !value) continue;
    groups.set(prefix, { ...groups.get(prefix), [name]: value });
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
}

function contradictions({ TYPE, REGEX, API_BASE_URL, TOKEN, CLIENT_ID, CLIENT_SECRET }: Given): string[] {
  const problems: string[] = [];
  if (TOKEN && !REGEX && !TYPE && !API_BASE_URL) problems.push("REGEX: is needed with TOKEN, or TYPE");
  if (CLIENT_ID && !CLIENT_SECRET) problems.push("CLIENT_SECRET: is needed with CLIENT_ID");
  if (CLIENT_SECRET && !CLIENT_ID) problems.push("CLIENT_ID: is needed with CLIENT_SECRET");
  return problems;
}

function toEntry(given: Given): ExternalAuthEntry {
  const type = given.TYPE ?? "github";
  const apiBaseUrl = apiBaseUrlOf(type, given.API_BASE_URL);
  const webUrl = webUrlOf(apiBaseUrl);
  const defaults = DEFAULTS[type];
  const { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret } = given;
  const oauth = clientId &&
    clientSecret && {
      clientId,
      clientSecret,
      authUrl: given.AUTH_URL ?? webUrl + defaults.auth,
      tokenUrl: given.TOKEN_URL ?? webUrl + defaults.token,
      scopes: given.SCOPES?.split(/[\s,]+/).filter(Boolean) ?? defaults.scopes,
    };
  return {
    id: given.ID ?? type,
    type,
    apiBaseUrl,
    webUrl,
    oauth: oauth || null,
    pattern: given.REGEX ? new RegExp(given.REGEX) : null,
    token: given.TOKEN ?? null,
    webhookSecret: given.WEBHOOK_SECRET ?? null,
  };
}

function isExpression(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}
