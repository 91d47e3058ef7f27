/**
 * An error as the log may show it. Errors of the database carry the values of the statement that failed, which may be
 * a prompt or a hash: they are left out. Writes nothing.
 */

export type DescribedError = {
  type: string;
  message: string;
  /** PostgreSQL's or Node's own code. */
  code?: string;
  /** The frames, without the message above them. */
  stack: string[];
  cause?: DescribedError;
};

/** A cause of a cause of a cause says nothing new. */
const MAX_CAUSES = 4;
const MAX_FRAMES = 20;
const MAX_MESSAGE_CHARACTERS = 1_000;

/** Type, message, code, frames and causes; no other field of the error. Something thrown that is no error is named by its type. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error))
    return { type: typeof error, message: "Something that is no Error was thrown.", stack: [] };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: withoutValues(error.message),
    ...(typeof code === "string" ? { code } : {}),
    stack: framesOf(error),
    ...(error.cause !== undefined && depth < MAX_CAUSES ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}

/** drizzle appends the parameters to its message: `Failed query: insert …\nparams: …` (drizzle-orm 0.45). */
const withoutValues = (message: string): string =>
  message.replace(/\nparams:[\s\S]*$/, "").slice(0, MAX_MESSAGE_CHARACTERS);

const framesOf = (error: Error): string[] =>
  (error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => line.trim());

/** The query builder's wrapper around the database's error: it names the statement with its values, for no eyes but ours. */
export const isFailedQuery = (error: unknown): error is Error =>
  error instanceof Error && error.message.startsWith("Failed query:") && error.cause !== undefined;
