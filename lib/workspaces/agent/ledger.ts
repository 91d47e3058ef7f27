/**
 * What became of every call, by its id, in an append-only file that tools cannot see: an intent before a call starts,
 * its outcome after. A call without an outcome when the agent starts was lost with the sandbox before.
 */
import { fstatSync, readSync, writeSync } from "node:fs";
import type { ToolOutcome } from "@/lib/contract/workspace-agent";

export type Ledger = {
  /** Written before the call does anything. */
  begin(callId: string): void;
  finish(callId: string, outcome: ToolOutcome): void;
  /** The outcome of a finished call; `begun` while it runs here; undefined when it never began. */
  find(callId: string): ToolOutcome | "begun" | undefined;
};

type Line = { id: string; outcome?: ToolOutcome };
/** Where a line with an outcome stands, so that outcomes stay out of memory; null while the call runs. */
type Place = { offset: number; length: number } | null;

const READ_BYTES = 1024 * 1024;

const LOST: ToolOutcome = {
  is_error: true,
  result: {
    error:
      "The outcome of this call is unknown: the workspace ended while it ran. It may have happened in part; verify before you repeat it.",
    outcome_unknown: true,
  },
};

/** Reads what the file holds; `fd` must be open for reading and appending. */
export function openLedger(fd: number): Ledger {
  const places = new Map<string, Place>();
  let end = fstatSync(fd).size;
  const append = (line: Line): { offset: number; length: number } => {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    const place = { offset: end, length: bytes.length };
    for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
    end += bytes.length;
    return place;
  };
  const restored = restore(fd, end, places);
  // A line that a dying agent cut short must not swallow the next one.
  if (!restored.endsWithLine) end += writeSync(fd, "\n");
  for (const [id, place] of places) if (place === null) places.set(id, append({ id, outcome: LOST }));
  return {
    begin(callId) {
      append({ id: callId });
      places.set(callId, null);
    },
    finish(callId, outcome) {
      places.set(callId, append({ id: callId, outcome }));
    },
    find(callId) {
      const place = places.get(callId);
      if (place === undefined) return undefined;
      return place === null ? "begun" : (readLine(fd, place)?.outcome ?? LOST);
    },
  };
}

function readLine(fd: number, { offset, length }: { offset: number; length: number }): Line | undefined {
  const bytes = Buffer.alloc(length);
  readSync(fd, bytes, 0, length, offset);
  return parse(bytes);
}

function restore(fd: number, size: number, places: Map<string, Place>): { endsWithLine: boolean } {
  let rest = Buffer.alloc(0);
  for (let position = 0; position < size; ) {
    const chunk = Buffer.alloc(Math.min(READ_BYTES, size - position));
    position += readSync(fd, chunk, 0, chunk.length, position);
    let bytes = Buffer.concat([rest, chunk]);
    let offset = position - bytes.length;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10)) {
      remember(places, bytes.subarray(0, at), { offset, length: at + 1 });
      bytes = bytes.subarray(at + 1);
      offset += at + 1;
    }
    rest = Buffer.from(bytes);
  }
  return { endsWithLine: rest.length === 0 };
}

function remember(places: Map<string, Place>, bytes: Buffer, place: { offset: number; length: number }): void {
  const line = parse(bytes);
  if (line) places.set(line.id, line.outcome ? place : null);
}

/** A line that was cut short says nothing. */
function parse(bytes: Buffer): Line | undefined {
  try {
    const line = JSON.parse(bytes.toString()) as Line;
    return typeof line.id === "string" ? line : undefined;
  } catch {
    return undefined;
  }
}
