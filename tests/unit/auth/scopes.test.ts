import { expect, test } from "vitest";
import { scopesAllow } from "@/lib/auth/scopes";
import type { TokenScope } from "@/lib/contract/users";

const table: [string, string, TokenScope[]][] = [
  // What each endpoint needs at least; `admin` and no limit always suffice.
  ["GET", "/api/experimental/users/me", ["read", "chat"]],
  ["PATCH", "/api/experimental/users/me", []],
  ["GET", "/api/experimental/users", ["read"]],
  ["POST", "/api/experimental/users/me/tokens", []],
  ["GET", "/api/experimental/chats", ["read", "chat"]],
  ["HEAD", "/api/experimental/chats", ["read", "chat"]],
  ["POST", "/api/experimental/chats", ["chat"]],
  ["GET", "/api/experimental/chats/x/stream", ["read", "chat"]],
  ["POST", "/api/experimental/chats/x/messages", ["chat"]],
  ["DELETE", "/api/experimental/chats/x/queue/1", ["chat"]],
  ["GET", "/api/experimental/stream", ["read", "chat"]],
  ["GET", "/api/experimental/chats/models", ["read", "chat"]],
  ["GET", "/api/experimental/chats/providers", ["read"]],
  ["POST", "/api/experimental/chats/providers", []],
  ["PATCH", "/api/experimental/chats/providers/x", []],
  ["POST", "/api/experimental/chats/model-configs", []],
  ["PUT", "/api/experimental/chats/usage-limits", []],
  ["GET", "/api/experimental/chats/cost/users", ["read"]],
  ["GET", "/api/experimental/chatsy", ["read"]],
  ["POST", "/api/experimental/streams", []],
  ["POST", "/chats", []],
  ["POST", "/api/experimental/workspaces", []],
];

test.each(table)("%s %s", (method, pathname, enough) => {
  for (const scope of ["read", "chat", "admin"] as const) {
    const isAllowed = scope === "admin" || enough.includes(scope);
    expect(scopesAllow([scope], { method, pathname }), scope).toBe(isAllowed);
  }
  expect(scopesAllow(null, { method, pathname })).toBe(true);
  expect(scopesAllow(["read", "chat"], { method, pathname })).toBe(enough.length > 0);
  expect(scopesAllow([], { method, pathname })).toBe(false);
});
