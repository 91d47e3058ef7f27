/** Collects the lines of a build and hands them to the store in order, a few times a second. */
import { stripVTControlCharacters } from "node:util";
import type { BuildLogLine } from "@/lib/contract/workspaces";
import { log } from "@/lib/log";
import type { WorkspaceStore } from "./store";

export type BuildLog = {
  /** Splits text into lines; a carriage return ends a progress line, of which only the last is kept. */
  write(stage: string, text: string): void;
  line(stage: string, line: string): void;
  /** Hands over what is left. Never throws. */
  close(): Promise<void>;
};

const FLUSH_MS = 200;
/** A build says a few hundred lines; a runaway script is cut here. */
const MAX_LINES = 5_000;
const MAX_LINE_LENGTH = 2_000;

/** A log for one build; lines are numbered by the store. */
export function createBuildLog(store: Pick<WorkspaceStore, "appendBuildLogs">, buildId: string): BuildLog {
  let waiting: BuildLogLine[] = [];
  let count = 0;
  let rest = { stage: "", text: "" };
  let writing = Promise.resolve();
  const flush = () => {
    const lines = waiting;
    waiting = [];
    if (lines.length === 0) return;
    writing = writing
      .then(() => store.appendBuildLogs({ buildId, lines }))
      .catch((err: unknown) => log.warn("writing a build log failed", { buildId, err }));
  };
  const timer = setInterval(flush, FLUSH_MS);
  timer.unref();
  const line = (stage: string, text: string) => {
    count += 1;
    if (count > MAX_LINES) return;
    const shown = count === MAX_LINES ? "(more lines are left out)" : clean(text);
    waiting.push({ stage, line: shown });
  };
  return {
    line,
    write(stage, text) {
      const lines = (rest.stage === stage ? rest.text + text : text).split("\n");
      rest = { stage, text: (lines.pop() ?? "").slice(-MAX_LINE_LENGTH) };
      for (const one of lines) line(stage, one.replace(/\r$/, "").split("\r").at(-1) ?? "");
    },
    async close() {
      clearInterval(timer);
      if (rest.text) line(rest.stage, rest.text.split("\r").at(-1) ?? "");
      flush();
      await writing;
    },
  };
}

/** PostgreSQL stores neither NUL nor half a character. */
const clean = (text: string): string =>
  stripVTControlCharacters(text).replaceAll("\0", "").toWellFormed().slice(0, MAX_LINE_LENGTH);
