/** I2, I6, I9, I13: numbers that only grow, commands that ran once, money that adds up, trees that are archived whole. */
import type { Act, Evidence, Violation } from "../evidence";

type Check = (evidence: Evidence) => Violation[];

/** A command takes effect at most once, and exactly once when its result says that it succeeded. */
export const checkEffects: Check = ({ requests, messages, effects }) => {
  const results = new Map(
    messages
      .flatMap(({ content }) => content)
      .filter(({ type }) => type === "tool-result")
      .map((part) => [part.tool_call_id as string, part.result]),
  );
  const calls = messages.flatMap(({ chatId, content }) =>
    content.filter(({ type }) => type === "tool-call").map((part) => ({ chatId, ...part })),
  );
  return requests.flatMap(({ chatId, commands }) =>
    commands.flatMap((name): Violation[] => {
      const times = effects.get(name) ?? 0;
      const call = calls.find(({ args }) => JSON.stringify(args)?.includes(`${name} `));
      const hasSucceeded = results.get(call?.tool_call_id ?? "")?.exit_code === 0;
      if (times > 1) return [{ invariant: "I6", chatId, text: `${name} took effect ${times} times` }];
      if (times === 1 && !call) return [{ invariant: "I6", chatId, text: `${name} ran although no row asks for it` }];
      if (times === 0 && hasSucceeded) return [{ invariant: "I6", chatId, text: `${name} succeeded and did nothing` }];
      return [];
    }),
  );
};

export const checkVersions: Check = ({ chats, messages }) =>
  chats.flatMap(({ id, snapshotVersion, historyVersion }) => {
    const chatId = id;
    const rows = messages.filter((row) => row.chatId === id);
    const violations: Violation[] = [];
    if (historyVersion > snapshotVersion) {
      violations.push({ invariant: "I2", chatId, text: `history ${historyVersion} is ahead of ${snapshotVersion}` });
    }
    for (const [index, row] of rows.entries()) {
      const before = rows[index - 1];
      if (before && row.id <= before.id) {
        violations.push({ invariant: "I2", chatId, text: `row ${row.id} comes after ${before.id}` });
      }
      const isBehind = before && row.historyVersion < before.historyVersion;
      if (isBehind || row.historyVersion > historyVersion) {
        violations.push({ invariant: "I2", chatId, text: `row ${row.id} is of version ${row.historyVersion}` });
      }
    }
    return violations;
  });

/** Each answer's cost is that of its one record, unknown stays unknown, and sums are sums. */
export const checkMoney: Check = ({ messages, calls, rollup }) => {
  const violations: Violation[] = [];
  for (const { id, chatId, role, totalCostMicros } of messages) {
    if (role !== "assistant") continue;
    const records = calls.filter(({ messageId, chatId: of }) => messageId === id && of === chatId);
    if (records.length > 1) {
      violations.push({ invariant: "I9", chatId, text: `row ${id} was paid ${records.length} times` });
    }
    const recorded = records[0]?.costMicros ?? null;
    if (recorded !== totalCostMicros) {
      violations.push({ invariant: "I9", chatId, text: `row ${id} costs ${totalCostMicros}, its record ${recorded}` });
    }
  }
  const sum = calls.reduce((total, { costMicros }) => total + (costMicros ?? 0), 0);
  if (rollup.costMicros !== sum) {
    violations.push({ invariant: "I9", text: `the roll-up says ${rollup.costMicros}, the calls sum to ${sum}` });
  }
  return [...violations, ...rollup.mismatches.map((text) => ({ invariant: "I9", text }))];
};

/** A tree is archived whole, and a chat is what its person made of it last. */
export const checkTrees: Check = ({ chats, acts }) =>
  chats.flatMap(({ id, rootChatId, archived }): Violation[] => {
    const last = acts.filter(({ chatId, kind, outcome }) => chatId === id && isOfArchive(kind, outcome)).at(-1);
    if (last?.outcome === "done" && archived !== (last.kind === "archive")) {
      return [{ invariant: "I13", chatId: id, text: `is archived: ${archived}, after ${last.kind}` }];
    }
    const root = chats.find((other) => other.id === rootChatId);
    if (!root?.archived || archived) return [];
    return [{ invariant: "I13", chatId: id, text: `is not archived although its root ${root.id} is` }];
  });

const isOfArchive = (kind: Act["kind"], outcome: Act["outcome"]): boolean =>
  outcome !== "refused" && (kind === "archive" || kind === "unarchive");
