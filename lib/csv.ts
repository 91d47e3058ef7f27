/** Tables as CSV (RFC 4180), one row at a time. Holds no more than a batch of rows; closes its source when it is left. */

/** How the first character of a cell makes spreadsheets run it (OWASP "CSV Injection", 2024). */
const FORMULA = /^[=+\-@\t\r]/;

/** One cell: null is empty, text that a spreadsheet would run begins with an apostrophe. Pure. */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(",")}\r\n`;

/** Long enough for a slow line, short enough that nobody holds a connection of the pool for ever. */
const MAX_EXPORT_MS = 300_000;

type CsvOptions<Column extends string> = {
  /** Of the file, without its ending. */
  name: string;
  columns: readonly Column[];
  /** Batches; read only as fast as the reader takes them. */
  rows: AsyncIterable<readonly Record<Column, string | number | null>[]>;
  signal: AbortSignal;
};

/** A download. A source that fails breaks the connection off, so that half a file is never taken for a whole one. */
export function csvResponse<Column extends string>({ name, columns, rows, signal }: CsvOptions<Column>): Response {
  const encoder = new TextEncoder();
  const source = rows[Symbol.asyncIterator]();
  const ended = AbortSignal.any([signal, AbortSignal.timeout(MAX_EXPORT_MS)]);
  const close = () => void Promise.resolve(source.return?.()).catch(() => {});
  ended.addEventListener("abort", close, { once: true });
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode(csvLine(columns))),
      async pull(controller) {
        ended.throwIfAborted();
        const { done, value } = await source.next();
        if (done) return controller.close();
        const lines = value.map((row) => csvLine(columns.map((column) => row[column])));
        controller.enqueue(encoder.encode(lines.join("")));
      },
      cancel: close,
    },
    { highWaterMark: 2 },
  );
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}.csv"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
