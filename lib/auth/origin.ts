/** Which requests a browser may make with a cookie. Pure; compares origins whole, never by prefix. */
import { ApiError } from "@/lib/contract/errors";

const READ_METHODS = new Set(["GET", "HEAD"]);

/** Whether the method only reads. */
export const isRead = (method: string): boolean => READ_METHODS.has(method);

/**
 * Refuses a request that another site made a browser send. A write must name its `Origin`; a read, event streams
 * among them, may leave it out (browsers do, for their own site) but must not come from another site's script.
 * @throws ApiError `forbidden`
 */
export function requireSameOrigin(request: Request, options: { accessUrl: string; allowAbsent: boolean }): void {
  const expected = new URL(options.accessUrl).origin;
  const received = request.headers.get("origin");
  if (received === null) {
    if (!options.allowAbsent) {
      throw new ApiError("forbidden", `A change made with a session cookie needs the header Origin: ${expected}.`);
    }
    if (isForeignFetch(request.headers)) throw foreign("another site", expected);
    return;
  }
  if (received !== expected) throw foreign(received, expected);
}

/** A script or element of another site; a link that was followed (`navigate`) is the person's own doing. */
function isForeignFetch(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  return (site === "cross-site" || site === "same-site") && headers.get("sec-fetch-mode") !== "navigate";
}

function foreign(received: string, expected: string): ApiError {
  return new ApiError(
    "forbidden",
    `The request comes from ${received.slice(0, 200)}; only ${expected} may use a session. Open ${expected} instead.`,
  );
}
