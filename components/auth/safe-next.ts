/** Where to go after signing in: a path of this site, never another address. */
export function safeNext(next: string | undefined): string {
  if (!next?.startsWith("/") || /^\/[/\\]/.test(next) || /\p{Cc}/u.test(next)) return "/agents";
  return next;
}
