/** Tells a database that is away from one that refused: what was only read may be asked again. Pure. */

/** Of the driver, of the socket, and of PostgreSQL: ended by an administrator, by a crash, still starting. */
const CODES = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "57P01",
  "57P02",
  "57P03",
]);

export const isConnectionLost = (error: unknown): boolean =>
  error instanceof Error && CODES.has(String((error as { code?: unknown }).code));
