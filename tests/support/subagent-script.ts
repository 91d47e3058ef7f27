/** Scripts for a model that starts subagents: it learns their ids from its tool results, as a real one does. */
import { type Reply, reply, type ToolCallReply } from "./model-reply";
import type { ModelServerRequest } from "./model-request";
import type { Script } from "./model-script";

export const spawn = (prompt: string, args: Record<string, unknown> = {}): ToolCallReply => ({
  name: "spawn_agent",
  args: { type: "general", prompt, ...args },
});

/** The ids of the subagents that this chat has started, in order. */
export function spawnedIds({ messages }: ModelServerRequest): string[] {
  return messages.flatMap(({ toolResults }) =>
    toolResults.flatMap(({ text }) => (/"status":\s*"pending"/.test(text) ? [JSON.parse(text).chat_id as string] : [])),
  );
}

/** A call for each subagent, all in one step. */
export const forEachSpawned =
  (name: string, args: Record<string, unknown> = {}) =>
  (request: ModelServerRequest): Reply =>
    reply.toolCalls(spawnedIds(request).map((chat_id) => ({ name, args: { chat_id, ...args } })));

/** Doors in a script: a request waits until the test opens its door. */
export function createGates() {
  const open = new Map<string, () => void>();
  const doors = new Map<string, Promise<void>>();
  const door = (name: string) => {
    let known = doors.get(name);
    if (!known) {
      known = new Promise((resolve) => open.set(name, resolve));
      doors.set(name, known);
    }
    return known;
  };
  return {
    /** A script that answers once the door is open. */
    behind: (name: string, answer: Script) => async (): Promise<Script> => {
      await door(name);
      return answer;
    },
    open(name: string) {
      void door(name);
      open.get(name)?.();
    },
  };
}
