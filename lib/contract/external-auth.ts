/** Accounts on git hosts as they go over the wire. Loaded by browser and server. */
import { z } from "zod";

export const GIT_HOST_TYPES = ["github", "gitlab", "forgejo"] as const;
export type GitHostType = (typeof GIT_HOST_TYPES)[number];

/** How a token came to us: by OAuth, or pasted by its owner. */
export const EXTERNAL_AUTH_KINDS = ["oauth", "token"] as const;
export type ExternalAuthKind = (typeof EXTERNAL_AUTH_KINDS)[number];

/** As the installation names it. */
export const hostPathSchema = z.object({ host: z.string().regex(/^[a-z][a-z0-9._-]{0,62}$/) });

/** A person's account on a host. */
export const linkedAccountSchema = z.object({
  kind: z.enum(EXTERNAL_AUTH_KINDS),
  login: z.string(),
  name: z.string(),
  email: z.string(),
  avatar_url: z.string().nullable(),
  /** Empty when the host does not say. */
  scopes: z.array(z.string()),
  /** Null: the token does not end by itself. */
  expires_at: z.string().nullable(),
  /** Why the host refused the token last; null while it works. */
  failure: z.string().nullable(),
  linked_at: z.string(),
});
export type LinkedAccount = z.infer<typeof linkedAccountSchema>;

/** A git host that the installation is configured for, and the caller's account there. */
export const externalAuthSchema = z.object({
  id: z.string(),
  type: z.enum(GIT_HOST_TYPES),
  web_url: z.string(),
  /** An account can be linked in the browser. */
  has_oauth: z.boolean(),
  /** The installation has a token for people without an account. */
  has_shared_token: z.boolean(),
  account: linkedAccountSchema.nullable(),
});
export type ExternalAuth = z.infer<typeof externalAuthSchema>;

export const externalAuthTestSchema = z.object({
  ok: z.boolean(),
  /** Who the token is for, or why it does not work. */
  message: z.string(),
  login: z.string().nullable(),
  scopes: z.array(z.string()),
});
export type ExternalAuthTest = z.infer<typeof externalAuthTestSchema>;

export const putExternalTokenSchema = z.strictObject({
  /** Of any host; longer ones are none. Visible ASCII: it goes into a header. */
  token: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,2048}$/, "Must be 8 to 2048 visible characters without spaces."),
});
