/** A tool's failure that the model is told about. Its text says what failed, the value received and what to do. */
export class ToolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ToolError";
  }
}

/** The failure of a file operation, in words. */
export function fileError(error: unknown, path: string): ToolError {
  if (error instanceof ToolError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const words: Record<string, string> = {
    ENOENT: "it does not exist",
    EACCES: "permission is denied",
    EPERM: "permission is denied",
    EISDIR: "it is a directory",
    ENOTDIR: "a part of the path is not a directory",
    ELOOP: "it is a symbolic link that leads nowhere or in a circle",
    ENAMETOOLONG: "the name is too long",
    ENOSPC: "no space is left",
    EROFS: "it is read-only",
    ENXIO: "it is a socket or a pipe, not a file",
  };
  return new ToolError(`${path}: ${words[code] ?? (code || String(error))}.`);
}
