/** Reads what tools were given and gave back. The model and old rows are not trusted: a wrong shape reads as absent. */

type Fields = Record<string, unknown>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
export const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

export type ExecuteResult = {
  output: string;
  exitCode: number | null;
  durationMs: number | undefined;
  outputFile: string | undefined;
  backgroundProcessId: string | undefined;
  isRunning: boolean;
  note: string | undefined;
  refusedHosts: string[];
};

/** Of `execute` and `process_output`. */
export function readExecuteResult(result: unknown): ExecuteResult {
  const fields = fieldsOf(result);
  const outputFile = textOf(fields.output_file);
  const backgroundProcessId = textOf(fields.background_process_id);
  return {
    output: textOf(fields.output) ?? textOf(result) ?? "",
    // A process that goes on has not ended in any way yet.
    exitCode: backgroundProcessId === undefined ? (numberOf(fields.exit_code) ?? null) : null,
    durationMs: numberOf(fields.wall_duration_ms),
    outputFile,
    backgroundProcessId,
    isRunning: fields.running === true || fields.status === "running",
    // What the note says of files and processes is written for the model; the card has rows of its own for both.
    note: outputFile === undefined && backgroundProcessId === undefined ? textOf(fields.note) : undefined,
    refusedHosts: readRefusedHosts(fields.refused_hosts),
  };
}

function readRefusedHosts(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => {
    const host = textOf(entry) ?? textOf(fieldsOf(entry).host);
    return host === undefined ? [] : [host];
  });
}

export type FileChange = {
  path: string;
  diff: string;
  additions: number;
  deletions: number;
  isCreated: boolean;
};

/** The files a `write_file` or `edit_files` call changed; empty for any other tool and for a failed call. */
export function readFileChanges(toolName: string, result: unknown): FileChange[] {
  if (toolName === "write_file") return readFileChange(result);
  if (toolName !== "edit_files") return [];
  const { files } = fieldsOf(result);
  return Array.isArray(files) ? files.flatMap(readFileChange) : [];
}

function readFileChange(value: unknown): FileChange[] {
  const fields = fieldsOf(value);
  const path = textOf(fields.path);
  if (path === undefined) return [];
  return [
    {
      path,
      diff: textOf(fields.diff) ?? "",
      additions: numberOf(fields.additions) ?? 0,
      deletions: numberOf(fields.deletions) ?? 0,
      isCreated: fields.created === true,
    },
  ];
}

export type FileSlice = { path: string; content: string; startLine: number; endLine: number; totalLines: number };

export function readFileSlice(result: unknown): FileSlice | undefined {
  const fields = fieldsOf(result);
  const path = textOf(fields.path);
  if (path === undefined) return undefined;
  return {
    path,
    content: textOf(fields.content) ?? "",
    startLine: numberOf(fields.start_line) ?? 1,
    endLine: numberOf(fields.end_line) ?? 0,
    totalLines: numberOf(fields.total_lines) ?? 0,
  };
}

/** What a failed tool said, as text to read. */
export function readErrorText(result: unknown): string {
  const fields = fieldsOf(result);
  const text = textOf(result) ?? textOf(fields.error) ?? textOf(fields.message);
  return text ?? (result === undefined || result === null ? "The tool gave no reason." : formatJson(result));
}

export function formatJson(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
}

export const baseName = (path: string): string => path.split("/").filter(Boolean).at(-1) ?? path;
