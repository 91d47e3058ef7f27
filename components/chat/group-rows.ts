import type { SourcesRow, TimelineRow, ToolRow } from "./timeline-rows";

/** Gives what `make` gave last time for the same owner and the same inputs. */
export type Keep = <T>(owner: object, inputs: readonly unknown[], make: () => T) => T;

/** Remembers one value an owner, for as long as the owner lives. */
export function createKeep(): Keep {
  const known = new WeakMap<object, { inputs: readonly unknown[]; value: unknown }>();
  return <T>(owner: object, inputs: readonly unknown[], make: () => T): T => {
    const last = known.get(owner);
    if (last?.inputs.length === inputs.length && last.inputs.every((input, index) => input === inputs[index])) {
      return last.value as T;
    }
    const value = make();
    known.set(owner, { inputs, value });
    return value;
  };
}

/** Remembers nothing. */
export const makeAnew: Keep = (_owner, _inputs, make) => make();

/** Consecutive reads become one line, consecutive sources one block with each address once. */
export function groupRows(rows: readonly TimelineRow[], keep: Keep): TimelineRow[] {
  const grouped: TimelineRow[] = [];
  let index = 0;
  while (index < rows.length) {
    const run = runOf(rows, index);
    const [first] = run;
    if (!first) break;
    grouped.push(keep(first, run, () => joinRun(first, run)));
    index += run.length;
  }
  return grouped;
}

const isSources = (row: TimelineRow): row is SourcesRow => row.kind === "sources";
const isRead = (row: TimelineRow): row is ToolRow => row.kind === "tool" && row.toolName === "read_file";

/** The rows from `start` that are drawn as one: itself, or all reads or sources that follow each other. */
function runOf(rows: readonly TimelineRow[], start: number): readonly TimelineRow[] {
  const isSame = [isRead, isSources].find((is) => rows[start] && is(rows[start]));
  let end = start + 1;
  if (isSame) while (rows[end] && isSame(rows[end] as TimelineRow)) end += 1;
  return rows.slice(start, end);
}

function joinRun(first: TimelineRow, run: readonly TimelineRow[]): TimelineRow {
  if (isRead(first)) return { kind: "reads", key: first.key, calls: run.filter(isRead) };
  if (!isSources(first)) return first;
  const sources = run.filter(isSources).flatMap((row) => row.sources);
  const urls = sources.map((source) => source.url);
  return { kind: "sources", key: first.key, sources: sources.filter(({ url }, index) => urls.indexOf(url) === index) };
}
