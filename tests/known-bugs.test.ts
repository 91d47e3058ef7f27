/**
 * Ways in which systems of this kind have broken, each beside the test that would tell. The table is checked: a test
 * that is renamed or removed has to be replaced here.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Row = readonly [bug: string, file: string, name: string];

const CONVERSATION: Row[] = [
  [
    "a message that interrupts stood before the partial answer, and the provider refused the prompt",
    "daemon/conversation",
    "a message that interrupts follows the partial answer",
  ],
  [
    "a queued message vanished when its promotion failed",
    "db/chats/runner-commits",
    "a promotion that fails at its last moment leaves the message in the queue",
  ],
  [
    "up to a second passed between queued messages, since nobody was woken",
    "db/chats/runner-commits",
    "whatever gives a chat something to do wakes the workers at once",
  ],
  [
    "promoting a message lost the partial answer and ran the chat twice",
    "daemon/conversation",
    "promoting one of several while the model speaks keeps the partial answer before it",
  ],
  [
    "rows of one batch came out of order, since they were ordered by time",
    "streams/chat-stream",
    "a long history reaches a viewer page by page, whole and in order",
  ],
  [
    "a message of the person stood between a call and its result",
    "unit/agent/models/convert-prompt",
    "are followed by their results in call order, however those are stored",
  ],
  [
    "what was queued was lost at the spend limit",
    "daemon/spend-limits",
    "what is sent while an agent waits at the limit is queued",
  ],
  [
    "bookkeeping moved chats to the top of the list",
    "api/chats",
    "changes title, labels and plan mode, and never moves updated_at",
  ],
  [
    "a stop between two attempts lost what the person had read",
    "daemon/turns",
    "a stop while an attempt that failed is made again keeps what the failed one wrote",
  ],
];

const OWNERSHIP: Row[] = [
  ["two runners had one chat", "daemon/race", "of several workers that race for many chats each chat has one"],
  [
    "a paused process woke up and wrote",
    "chaos/kills",
    "a worker that is stopped for longer than its lease and wakes up writes nothing",
  ],
  [
    "a command ran again after its worker was lost",
    "e2e/roles",
    "a killed daemon is replaced by the next within seconds, and no command runs twice",
  ],
  [
    "a command went on for nobody after its chat was stopped and its worker died",
    "daemon/leases",
    "a command that ran when the worker of a stopped chat died is cancelled",
  ],
  ["chats were left running or failed by a deployment", "daemon/turns", "shutdown gives running chats back"],
  [
    "recovery ran once, at the start, so later orphans ran for ever",
    "daemon/leases",
    "a running chat whose worker died goes on at another",
  ],
  [
    "a chat whose claim was committed and not heard of was nobody's",
    "daemon/leases",
    "a chat that was claimed by a statement whose answer was lost",
  ],
  [
    "a chat whose claim was committed on a connection that then fell silent ran nowhere for a quarter of an hour",
    "daemon/claims",
    "a message whose commit is never answered, on a connection that is dead and silent, is worked on",
  ],
  [
    "a chat that was acquired while its worker stopped was left running",
    "daemon/claims",
    "a chat whose acquisition is answered while the worker stops is handed back",
  ],
  [
    "more runs worked than there were slots: a lent one came back while a claim for its room was on its way",
    "unit/daemon/intake",
    "never more runs work at once than there are slots",
  ],
  [
    "a restart of the database made every worker look dead",
    "db/workers",
    "within one lease of the database's start nobody is dead",
  ],
  [
    "a worker with a short lease stopped its own work at each beat",
    "daemon/lease-protocol",
    "a worker that beats in time never stops its own work",
  ],
  [
    "the wake of a chat was consumed while its title was being written",
    "db/chats/runner-commits",
    "a claim waits for whoever writes the chat's title and is not skipped",
  ],
  [
    "a second connection inside a transaction emptied the pool",
    "db/chats/runner-commits",
    "two connections are enough for hundreds of chats at once",
  ],
  [
    "a chat that kills its worker took all workers down",
    "daemon/leases",
    "a chat that killed its worker three times is not tried a fourth time",
  ],
];

const MODEL: Row[] = [
  [
    "healthy models that think long were cut off; later nothing watched a silent stream",
    "unit/agent/models/broken-answers",
    "%s: a stream that falls silent fails",
  ],
  [
    "a provider's dead connection was read from for ever",
    "unit/agent/models/broken-answers",
    "a server that accepts and never answers fails too",
  ],
  [
    "an answer that was cut off passed for a whole one, or was not asked for again",
    "unit/agent/models/bytes",
    "an answer that ends at any byte before its end is a failure",
  ],
  [
    "a stream in unusual pieces was misread",
    "unit/agent/models/bytes",
    "%s: bytes that come one by one make the same answer",
  ],
  [
    "a retry after a streamed call did the call again and again",
    "unit/agent/loop",
    "a partial tool call of a failed attempt never runs",
  ],
  [
    "another provider refused what the first had thought and called",
    "unit/agent/models/replay",
    "%s: what another vendor thought and called is taken without its marks",
  ],
  [
    "a call id that a provider repeats adopted another call's result",
    "daemon/turns",
    "call ids that a provider repeats are told apart",
  ],
  [
    "a compaction did not take effect in the turn, or ended it",
    "daemon/compaction",
    "a full context is replaced between steps by a summary that people can read, and the turn goes on",
  ],
  [
    "compacting never ended",
    "unit/agent/compact",
    "ends in an error after three compactions in a row that did not help, never in a loop",
  ],
  [
    "a chat that was too large for its summary could not be compacted",
    "unit/agent/compact",
    "of a summary is asked again with ever less of the conversation",
  ],
  [
    "the person's last instruction was summarised away",
    "daemon/compaction",
    "a message that nobody answered is read again after the summary",
  ],
  ["subagents made subagents", "daemon/subagents", "a subagent cannot make others"],
  ["a parent polled for its subagent", "daemon/subagents", "the end of a subagent is pushed"],
  [
    "a subagent was told the same twice after a crash",
    "chaos/kills",
    "a worker killed after it told its subagent something tells it once",
  ],
];

const STREAMS: Row[] = [
  [
    "the page lost its live parts when the status changed",
    "unit/chat/chat-state",
    "7: parts are shown whatever the status says",
  ],
  [
    "text stood on the page twice after its row had come",
    "unit/chat/chat-state",
    "8: the answer is never on the page twice",
  ],
  [
    "thousands of old parts were sent again to whoever came back",
    "streams/chat-stream",
    "a cursor at the end brings nothing again",
  ],
  [
    "each notification read the whole history, once for each viewer",
    "streams/chat-stream",
    "one statement is read per notification",
  ],
  [
    "the first words were missing, since the status was told before parts were kept",
    "streams/chat-stream",
    "a viewer gets rows, status and queue first, then the turn live",
  ],
  [
    "a full channel dropped events and nobody was told",
    "streams/fan-out",
    "a viewer that does not read is cut off at its bound and resumes by its cursor",
  ],
  [
    "the idle status of one turn ended the next one on the page",
    "unit/chat/chat-state",
    "a lower status version is ignored",
  ],
  [
    "a pooler took LISTEN and delivered nothing",
    "streams/hint-relay",
    "a connection that takes LISTEN and delivers nothing",
  ],
  [
    "a listener was lost at a reconnect and never missed",
    "streams/hint-relay",
    "a listener whose connection is cut listens again",
  ],
  [
    "a lost notification left everything standing",
    "daemon/lost-hints",
    "without any hint a chat begins, is stopped, and goes on",
  ],
  [
    "viewers that went away were kept in memory",
    "streams/fan-out",
    "a thousand abrupt disconnects, at any moment, leave nothing behind",
  ],
  [
    "a request that was given up held its connection",
    "streams/fan-out",
    "a request that is given up while its chat is looked up opens nothing",
  ],
  ["strangers could watch", "streams/chat-stream", "another person's chat is not found"],
];

const WORKSPACES: Row[] = [
  [
    "a turn hung for ever on a workspace that was stopped",
    "unit/agent/tools/workspace-tools",
    "is a plain error for a call that cannot have started",
  ],
  [
    "a chat was stuck with the connection that had failed",
    "workspaces/restart",
    "a killed sandbox is started again at the next use",
  ],
  [
    "AGENTS.md was not known in the first turn",
    "daemon/asides",
    "every turn is told the installation's, the workspace's and the person's instructions",
  ],
  [
    "a living workspace was replaced by a new one",
    "daemon/workspace-tools",
    "keeps its files, and there is never a second one",
  ],
];

const COST_OF_LENGTH: Row[] = [
  ["each message wrote the whole chat anew", "daemon/growth", "in a chat of 10,000 rows as in one of 10"],
  ["a new chat took many checks", "daemon/statement-counts", "a chat is created with four statements at most"],
  [
    "settings were read again at every event",
    "daemon/statement-counts",
    "a notification of a chat that nobody watches reads nothing",
  ],
  [
    "an idle server kept the database busy",
    "daemon/statement-counts",
    "an idle server sends two statements a second at most",
  ],
  ["a list asked the git host while the person waited", "api/chats", "is one statement a page, whatever is on it"],
  [
    "polling used a git host's limit up",
    "unit/gitproviders/github",
    "answers that did not change cost nothing of the limit",
  ],
  ["the newest message was missing from the search", "daemon/search", "the newest message is found within seconds"],
  ["a page beyond the end counted nothing", "api/costs", "the count holds past the end"],
  [
    "spending exactly the limit was one too few or one too many",
    "daemon/spend-limits",
    "spending exactly the limit reaches it, one micro-dollar less does not",
  ],
  [
    "a message passed a limit that a new chat did not",
    "api/usage-limits",
    "new work at the limit is refused with the figures",
  ],
];

const rows = [...CONVERSATION, ...OWNERSHIP, ...MODEL, ...STREAMS, ...WORKSPACES, ...COST_OF_LENGTH];

test.each(rows)("%s: told by %s", (_bug, file, name) => {
  expect(readFileSync(new URL(`./${file}.test.ts`, import.meta.url), "utf8")).toContain(name);
});
