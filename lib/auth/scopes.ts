/** What a limited API token may do. Pure. */
import type { TokenScope } from "@/lib/contract/users";
import { isRead } from "./origin";

const PREFIX = "/api/experimental";
/** Under `/chats`, but administration or accounting rather than chats. */
const NOT_CHAT = /^\/chats\/(providers|model-configs|usage-limits|insights|cost)(\/|$)/;
const CHAT = /^\/(chats|stream)(\/|$)/;

/** `read`: every GET. `chat`: the chat endpoints, writes included, and one's own name. `admin`: everything. */
export function scopesAllow(scopes: TokenScope[] | null, request: { method: string; pathname: string }): boolean {
  if (scopes === null || scopes.includes("admin")) return true;
  if (scopes.includes("read") && isRead(request.method)) return true;
  return scopes.includes("chat") && isChatRequest(request);
}

function isChatRequest({ method, pathname }: { method: string; pathname: string }): boolean {
  if (!pathname.startsWith(PREFIX)) return false;
  const path = pathname.slice(PREFIX.length);
  if (path === "/users/me") return isRead(method);
  return CHAT.test(path) && !NOT_CHAT.test(path);
}
