/** What one round leaves behind for the checker: plain facts, as database, clients, provider and workspaces saw them. */

/** A person's request that was answered, or about which nobody knows (`unknown`: the answer was lost for good). */
export type Act = {
  chatId: string;
  kind: "send" | "edit" | "interrupt" | "remove" | "promote" | "archive" | "unarchive";
  /** In the text of the message: `[c3.m7]`. Empty where no message is meant. */
  marker: string;
  delivery?: "queue" | "steer" | "interrupt";
  outcome: "done" | "refused" | "unknown";
  /** The request was answered before the next one was made. */
  order: number;
  /** Of a send: it waited in the queue at first. */
  queued?: boolean;
  /** Of an edit: the message that was replaced, and its successor. */
  editedId?: number;
  messageId?: number;
};

export type MessageRow = {
  id: number;
  chatId: string;
  historyVersion: number;
  role: string;
  content: ContentPart[];
  deleted: boolean;
  visibility: string;
  compressed: boolean;
  createdBy: string | null;
  totalCostMicros: number | null;
  /** As `askedAt`. */
  createdAt: number;
};

// biome-ignore lint/suspicious/noExplicitAny: parts of every shape
export type ContentPart = { type: string; text?: string; tool_call_id?: string; args?: any; result?: any };

export type ChatRow = {
  id: string;
  status: string;
  archived: boolean;
  rootChatId: string | null;
  lastError: { kind: string; message: string } | null;
  snapshotVersion: number;
  historyVersion: number;
  runnerId: string | null;
  workspaceId: string | null;
};

export type QueueRow = { id: number; chatId: string; content: ContentPart[] };

export type CallRow = { chatId: string; messageId: number | null; kind: string; costMicros: number | null };

/** The sum that the product keeps of the calls, and what its own verifier finds wrong anywhere in the database. */
export type Rollup = { costMicros: number; mismatches: string[] };

/** One request at the provider. */
export type ModelRequestEntry = {
  /** Names the answer: the text of each begins with it. */
  id: string;
  chatId: string;
  /** What the prompt held, in order: markers of people's messages and names of answers. */
  tokens: string[];
  /** When it arrived; milliseconds of the wall clock, which the database shares. */
  askedAt: number;
  /** Commands that the answer asked for. */
  commands: string[];
  fault: string | null;
};

/** What one client saw of one chat, over all its connections. */
export type Transcript = {
  chatId: string;
  entries: ({ connected: string | null } | { id: string; data: ChatEventData })[];
};

// biome-ignore lint/suspicious/noExplicitAny: events as they came over the wire
export type ChatEventData = { type: string } & Record<string, any>;

export type Evidence = {
  acts: Act[];
  chats: ChatRow[];
  messages: MessageRow[];
  queue: QueueRow[];
  calls: CallRow[];
  rollup: Rollup;
  requests: ModelRequestEntry[];
  transcripts: Transcript[];
  /** How often each command took effect in a workspace, by its name. */
  effects: Map<string, number>;
  /** Acquisitions that a fault may have spoiled: bounds what a step may cost. */
  kills: number;
  /** What did not become well by itself. */
  unwell: string[];
  /** When a viewer did not show in time what is: what the database and the servers were at then, for whoever looks into it. */
  stuck?: { activity: object[]; outputs: string[] };
};

/** A person's message carries its marker, an answer its name. */
export const MARKER = /\[c\d+\.m\d+\]/g;
export const REPLY = /\bR\d+\b/g;

/** Something that must never be. */
export type Violation = { invariant: string; chatId?: string; text: string };
