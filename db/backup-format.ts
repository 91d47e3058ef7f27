/**
 * A backup's shape: gzip around lines. JSON lines say what follows; a table's rows are PostgreSQL's COPY text, which
 * every major reads, ended by `\.`. Reads and writes bytes; knows no database.
 */

export const BACKUP_FORMAT = 1;
/** Ends a table's rows. COPY escapes backslashes, so no row looks like it. */
export const END_OF_ROWS = "\\.";

export type BackupHeader = {
  slipway_backup: typeof BACKUP_FORMAT;
  version: string;
  created_at: string;
  postgres: string;
  /** The newest migration of the database, by the time it was made. */
  migration: number;
};
type TableEntry = { table: string; columns: string[] };
export type SequenceState = { name: string; last_value: string; is_called: boolean };
type SequencesEntry = { sequences: SequenceState[] };
/** The last line: without it the file was cut off. */
type EndEntry = { end: true; tables: number };
export type BackupEntry = BackupHeader | TableEntry | SequencesEntry | EndEntry;

/** A row holds a message or a file at most; more is no backup of ours. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;
const NEWLINE = 10;

/** Reads line by line, with the newline, from pieces of any size. */
export function createLineReader(pieces: AsyncIterable<Uint8Array>) {
  const source = pieces[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  let isEnded = false;

  async function fill(): Promise<boolean> {
    const next = await source.next();
    if (next.done) isEnded = true;
    else rest = rest.length === 0 ? Buffer.from(next.value) : Buffer.concat([rest, next.value]);
    if (rest.length > MAX_LINE_BYTES) throw new Error("A line of the backup is too long: the file is damaged.");
    return !isEnded;
  }

  /** The next line, or undefined at the end. */
  async function line(): Promise<string | undefined> {
    let from = 0;
    for (;;) {
      const end = rest.indexOf(NEWLINE, from);
      if (end >= 0) {
        const text = rest.toString("utf8", 0, end);
        rest = rest.subarray(end + 1);
        return text;
      }
      from = rest.length;
      if (isEnded || !(await fill())) return undefined;
    }
  }

  /** The rows up to their end, in pieces of whole lines. @throws Error when the file ends before they do. */
  async function* rows(): AsyncGenerator<Buffer> {
    const end = Buffer.from(`${END_OF_ROWS}\n`);
    for (;;) {
      const last = rest.lastIndexOf(NEWLINE);
      if (last >= 0) {
        const whole = rest.subarray(0, last + 1);
        const at = whole.subarray(0, end.length).equals(end) ? 0 : whole.indexOf(`\n${END_OF_ROWS}\n`) + 1;
        const isOver = at > 0 || whole.subarray(0, end.length).equals(end);
        rest = rest.subarray(isOver ? at + end.length : last + 1);
        const found = isOver ? whole.subarray(0, at) : whole;
        if (found.length > 0) yield found;
        if (isOver) return;
      }
      if (!(await fill())) throw new Error("The backup ends in the middle: the file is cut off.");
    }
  }

  return { line, rows };
}
