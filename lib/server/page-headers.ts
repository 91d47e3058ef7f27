/** Security headers of pages. A nonce per request: Next reads it from the request's own policy header. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** Sets the headers of a page's answer and lets Next and the layout know the nonce (`x-nonce`). */
export function setPageHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  options: { nonce: string; isDevelopment: boolean },
): void {
  const policy = contentSecurityPolicy(options);
  request.headers["content-security-policy"] = policy;
  request.headers["x-nonce"] = options.nonce;
  response.setHeader("content-security-policy", policy);
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "same-origin");
  response.setHeader("x-frame-options", "DENY");
  response.setHeader("cross-origin-opener-policy", "same-origin");
  response.setHeader("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()");
}

function contentSecurityPolicy({ nonce, isDevelopment }: { nonce: string; isDevelopment: boolean }): string {
  // Development compiles in the browser and reloads over a WebSocket.
  const scripts = isDevelopment ? "'unsafe-eval' 'unsafe-inline'" : `'nonce-${nonce}' 'wasm-unsafe-eval'`;
  return [
    "default-src 'self'",
    `script-src 'self' ${scripts}`,
    // Syntax highlighting and measured positions are inline styles; they can load nothing.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self'${isDevelopment ? " ws: wss:" : ""}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
