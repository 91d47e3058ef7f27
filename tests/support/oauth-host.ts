/**
 * The OAuth endpoints of a git host (RFC 6749, PKCE by RFC 7636), as each make answers them: GitHub tells errors with
 * status 200, GitLab with 401 for a client and 400 for a grant, Forgejo with 400; Forgejo has no way to revoke.
 */
import { createHash } from "node:crypto";
import type { GitHostType } from "@/lib/contract/external-auth";

export type FakeOAuth = {
  /** Codes the person allowed, with the challenge they were asked for with. */
  codes: Map<string, { challenge: string }>;
  /** Refresh tokens that still work. */
  refreshTokens: Set<string>;
  issued: string[];
  revoked: string[];
  expiresInSeconds: number | null;
  /** The person presses "Authorize": the address their browser is sent back to. */
  allow(authorizeUrl: string): string;
  fetch: typeof fetch;
};

const TOKEN_PATHS = {
  github: "/login/oauth/access_token",
  gitlab: "/oauth/token",
  forgejo: "/login/oauth/access_token",
} satisfies Record<GitHostType, string>;

type FakeOAuthOptions = { type?: GitHostType; next: typeof fetch; onToken: (token: string) => void };

/** `next` answers what is no OAuth. */
export function createFakeOAuth({ type = "github", ...options }: FakeOAuthOptions): FakeOAuth {
  let count = 0;
  const oauth: FakeOAuth = {
    codes: new Map(),
    refreshTokens: new Set(),
    issued: [],
    revoked: [],
    expiresInSeconds: null,
    allow(authorizeUrl) {
      const { searchParams } = new URL(authorizeUrl);
      const code = `code-${++count}`;
      if (searchParams.get("code_challenge_method") !== "S256") throw new Error("no PKCE");
      oauth.codes.set(code, { challenge: String(searchParams.get("code_challenge")) });
      const back = new URL(String(searchParams.get("redirect_uri")));
      back.searchParams.set("code", code);
      back.searchParams.set("state", String(searchParams.get("state")));
      return back.href;
    },
    fetch: async (input, init) => {
      const url = new URL(String(input));
      if (url.pathname === TOKEN_PATHS[type]) return give(new URLSearchParams(String(init?.body)));
      if (type === "gitlab" && url.pathname === "/oauth/revoke") {
        oauth.revoked.push(String(new URLSearchParams(String(init?.body)).get("token")));
        return Response.json({});
      }
      if (type === "github" && init?.method === "DELETE" && url.pathname.endsWith("/token")) {
        oauth.revoked.push(JSON.parse(String(init.body)).access_token);
        return new Response(null, { status: 204 });
      }
      return options.next(input, init);
    },
  };
  const refuse = (error: string) => {
    const refusedStatus = type === "gitlab" && error === "incorrect_client_credentials" ? 401 : 400;
    return Response.json(
      { error, error_description: `The ${error}.` },
      { status: type === "github" ? 200 : refusedStatus },
    );
  };
  function give(form: URLSearchParams): Response {
    if (form.get("client_id") !== "client" || form.get("client_secret") !== "client-secret")
      return refuse("incorrect_client_credentials");
    if (form.get("grant_type") === "refresh_token") {
      if (!oauth.refreshTokens.delete(String(form.get("refresh_token")))) return refuse("bad_refresh_token");
      return issue();
    }
    const code = String(form.get("code"));
    const known = oauth.codes.get(code);
    oauth.codes.delete(code);
    const challenge = createHash("sha256")
      .update(String(form.get("code_verifier")))
      .digest("base64url");
    return known?.challenge === challenge ? issue() : refuse("bad_verification_code");
  }
  function issue(): Response {
    const access_token = `gho-${++count}-canary`;
    oauth.issued.push(access_token);
    options.onToken(access_token);
    if (oauth.expiresInSeconds === null) return Response.json({ access_token, token_type: "bearer", scope: "repo" });
    const refresh_token = `ghr-${++count}-canary`;
    oauth.refreshTokens.add(refresh_token);
    return Response.json({ access_token, refresh_token, expires_in: oauth.expiresInSeconds, token_type: "bearer" });
  }
  return oauth;
}
