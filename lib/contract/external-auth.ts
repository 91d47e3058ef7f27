/** Accounts on git hosts as they go over the wire. Loaded by browser and server. */

export const GIT_HOST_TYPES = ["github", "gitlab", "forgejo"] as const;
export type GitHostType = (typeof GIT_HOST_TYPES)[number];

/** How a token came to us: by OAuth, or pasted by its owner. */
export const EXTERNAL_AUTH_KINDS = ["oauth", "token"] as const;
export type ExternalAuthKind = (typeof EXTERNAL_AUTH_KINDS)[number];
