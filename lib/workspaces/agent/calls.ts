/** Runs calls once: a known id is adopted, whether it runs, has ended, or was lost with an earlier agent. */
import type {
  LedgerEntry,
  ToolOutcome,
  WorkspaceOperationName,
  WorkspaceToolName,
} from "@/lib/contract/workspace-agent";
import type { Ledger } from "./ledger";
import type { CallRequest } from "./protocol";
import { storable } from "./text";
import { ToolError } from "./tool-error";

export type RunTool = (
  call: CallRequest,
  hooks: { emit: (delta: string) => void; cancelled: AbortSignal },
) => Promise<unknown>;

export type Calls = {
  /** Starts or adopts; `onOutput` also gets what was put out before. */
  run(call: CallRequest, onOutput: (delta: string) => void): { outcome: Promise<ToolOutcome>; leave: () => void };
  find(callId: string): LedgerEntry;
  cancel(callIds: string[]): Promise<void>;
};

/** These change something, so they are written down; the others can simply run again. */
const LEDGERED: Record<WorkspaceToolName | WorkspaceOperationName, boolean> = {
  execute: true,
  process_signal: true,
  write_file: true,
  edit_files: true,
  process_output: false,
  process_list: false,
  read_file: false,
  list_files: false,
  search_files: false,
  read_skill: false,
  git_commit: true,
  git_push: true,
  restore_snapshot: true,
  git_changes: false,
  take_snapshot: false,
  drop_snapshots: false,
};

/** Shown live of one call. Each character goes to viewers and into checkpoints; a command can print gigabytes. */
const LIVE_CHARACTERS = 1024 * 1024;
const NOT_LIVE = "\n[More output follows. It is not shown live; the result has its end.]\n";

/** Live output that a late listener still gets. */
const REPLAY_CHARACTERS = 64 * 1024;

type ActiveCall = {
  outcome: Promise<ToolOutcome>;
  listeners: Set<(delta: string) => void>;
  replay: string;
  abort: AbortController;
};

/** Outcomes of effectful calls go to the ledger before anyone hears of them. */
export function createCalls(ledger: Ledger, runTool: RunTool): Calls {
  const active = new Map<string, ActiveCall>();
  const begin = (call: CallRequest): ActiveCall => {
    const abort = new AbortController();
    const entry: ActiveCall = { outcome: Promise.reject(), listeners: new Set(), replay: "", abort };
    entry.outcome.catch(() => {});
    let left = LIVE_CHARACTERS;
    const emit = (delta: string) => {
      if (left <= 0) return;
      const shown = storable(delta.length < left ? delta : delta.slice(0, left) + NOT_LIVE);
      left -= delta.length;
      entry.replay = (entry.replay + shown).slice(-REPLAY_CHARACTERS);
      for (const listener of entry.listeners) listener(shown);
    };
    if (LEDGERED[call.tool]) ledger.begin(call.callId);
    entry.outcome = settle(runTool(call, { emit, cancelled: abort.signal })).then((outcome) => {
      if (LEDGERED[call.tool]) ledger.finish(call.callId, outcome);
      active.delete(call.callId);
      return outcome;
    });
    active.set(call.callId, entry);
    return entry;
  };
  return {
    run(call, onOutput) {
      const known = active.get(call.callId);
      const finished = known ? undefined : ledger.find(call.callId);
      if (finished && finished !== "begun") return { outcome: Promise.resolve(finished), leave: () => {} };
      const entry = known ?? begin(call);
      if (entry.replay) onOutput(entry.replay);
      entry.listeners.add(onOutput);
      return { outcome: entry.outcome, leave: () => entry.listeners.delete(onOutput) };
    },
    find(callId) {
      if (active.has(callId)) return { state: "running" };
      const outcome = ledger.find(callId);
      return outcome && outcome !== "begun" ? { state: "finished", outcome } : { state: "unknown" };
    },
    async cancel(callIds) {
      const entries = callIds.flatMap((callId) => active.get(callId) ?? []);
      for (const entry of entries) entry.abort.abort();
      await Promise.all(entries.map((entry) => entry.outcome));
    },
  };
}

/** The boundary where a throw of a tool becomes a value. */
async function settle(work: Promise<unknown>): Promise<ToolOutcome> {
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  try {
    return { result: await work, is_error: false, duration_ms: durationMs() };
  } catch (error) {
    const isExpected = error instanceof ToolError;
    const text = isExpected ? error.message : `The tool failed in an unexpected way: ${String(error)}`;
    return { result: { error: storable(text) }, is_error: true, duration_ms: durationMs() };
  }
}
