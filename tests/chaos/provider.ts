/** The provider of a chaos round: answers as the message asks, fails by chance while it may, and keeps a log. */
import { type EarlyEnd, type Reply, reply } from "../support/model-reply";
import type { ModelServerRequest } from "../support/model-request";
import { type ModelServer, startModelServer } from "../support/model-server";
import type { Random } from "../support/random";
import { MARKER, type ModelRequestEntry, REPLY } from "./evidence";

export type Provider = ModelServer & {
  log: ModelRequestEntry[];
  /** Chance of a fault per request, from this generator; undefined: none. */
  misbehave(random: Random | undefined): void;
};

const FAULT_CHANCE = 0.25;

type Fault = { name: string; make: (answer: Reply, random: Random) => Reply };

const early = (name: string, type: "cut" | "close" | "hang" | "malformed"): Fault => ({
  name,
  make: (answer, random) => ({ ...answer, earlyEnd: { type, afterChunks: random.below(8) } as EarlyEnd }) as Reply,
});

const FAULTS: Fault[] = [
  { name: "429", make: () => reply.error(429, "rate_limit_error", "Too many", { "retry-after": "0" }) },
  { name: "529", make: () => reply.overloaded() },
  ...[500, 502, 503].map((status) => ({
    name: String(status),
    make: () => reply.error(status, "api_error", "Internal server error"),
  })),
  early("cut", "cut"),
  early("truncated", "close"),
  early("malformed", "malformed"),
  early("silent", "hang"),
  { name: "silent at once", make: () => reply.hang() },
  {
    name: "overloaded in the stream",
    make: (answer, random) =>
      ({
        ...answer,
        earlyEnd: { type: "error", errorType: "overloaded_error", message: "Overloaded", afterChunks: random.below(8) },
      }) as Reply,
  },
];

/**
 * What a message asks for: the steps of its turn and the words of each, as `[c3.m7] tool,tool,text 40`. A step is text,
 * one call (`tool`), three (`many`), one that takes long (`long`), a refusal or, at the first try, an overload.
 */
const PLAN = /^(?:.*\n)*?(\[c\d+\.m\d+\]) ([a-z]+(?:,[a-z]+)*) (\d+)/;

export async function startProvider(chatIdOf: (marker: string) => string): Promise<Provider> {
  const log: ModelRequestEntry[] = [];
  let faults: Random | undefined;
  let commands = 0;
  const script = (request: ModelServerRequest): Reply => {
    if (request.tools.length === 0) return reply.text("A title");
    const tokens = request.messages.flatMap(({ role, text }) => text.match(role === "user" ? MARKER : REPLY) ?? []);
    const entry: ModelRequestEntry = {
      id: `R${log.length}`,
      chatId: chatIdOf(tokens[0] ?? ""),
      tokens,
      askedAt: Date.now(),
      commands: [],
      fault: null,
    };
    log.push(entry);
    const isFirst = log.filter((other) => other.tokens.join() === tokens.join()).length === 1;
    const answer = write(entry, { ...request, isFirst, nextCommand: () => `T${commands++}` });
    if (!faults?.chance(FAULT_CHANCE)) return answer;
    const fault = faults.pick(FAULTS);
    entry.fault = fault.name;
    return fault.make(answer, faults);
  };
  const server = await startModelServer({ script });
  return Object.assign(server, {
    log,
    misbehave(random: Random | undefined) {
      faults = random;
    },
  });
}

type Asked = Pick<ModelServerRequest, "prompt" | "step"> & { isFirst: boolean; nextCommand: () => string };

function write(entry: ModelRequestEntry, { prompt, step, isFirst, nextCommand }: Asked): Reply {
  const plan = PLAN.exec(prompt);
  const steps = plan?.[2]?.split(",") ?? ["text"];
  const words = Array.from({ length: Number(plan?.[3] ?? 5) }, (_, index) => `word${index} `);
  const delayMs = 15;
  const kind = steps[step] ?? "text";
  if (kind === "refused") return reply.error(400, "invalid_request_error", "Refused on purpose");
  if (kind === "overloaded" && isFirst) return reply.overloaded();
  if (kind === "text" || kind === "overloaded") return reply.text([`${entry.id} `, ...words], { delayMs });
  const calls = Array.from({ length: kind === "many" ? 3 : 1 }, () => {
    const name = nextCommand();
    entry.commands.push(name);
    // Writes down that it ran, then takes a while, so that much can happen meanwhile.
    const command = `echo ${name} >> effects; sleep ${kind === "long" ? 5 : `0.${1 + (Number(name.slice(1)) % 7)}`}; echo done ${name}`;
    return { name: "execute", args: { command } };
  });
  return reply.toolCalls(calls, { text: [`${entry.id} `, "calls"], delayMs });
}
