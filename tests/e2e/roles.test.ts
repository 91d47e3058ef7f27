/** Pages and API in one process, the daemon in others, one database: what a deployment beyond one process does. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Chat } from "@/lib/contract/chats";
import type { Message } from "@/lib/contract/messages";
import { createTestDatabase, toDatabaseUrl } from "../support/database";
import { reply } from "../support/model-reply";
import type { ModelServerRequest } from "../support/model-request";
import { startModelServer } from "../support/model-server";
import { ADMINISTRATOR, type Product, startProduct } from "../support/product";
import { connect } from "../support/stream-client";
import { createTemporaryDirectory } from "../support/temporary-directory";

const TALK = "Speak slowly.";
const COUNT = "Count your runs.";
const WORDS = Array.from({ length: 60 }, (_, index) => `word-${index} `);
/** Leaves a trace of each time it really ran, and does not end before the test says so. */
const COUNTING = "echo run >> runs; until [ -e go ]; do sleep 0.05; done; echo $(wc -l < runs) run";

function script({ prompt, step, toolResults }: ModelServerRequest) {
  if (prompt === TALK) return reply.text(WORDS, { delayMs: 50 });
  if (step === 0) return reply.toolCalls([{ name: "execute", args: { command: COUNTING } }]);
  return reply.text(`The result was: ${toolResults[0]?.text}`);
}

const model = await startModelServer({ script });
const { address } = await createTestDatabase({ template: "empty" });
const dataDir = await createTemporaryDirectory();
const running = new Set<Product>();
afterAll(async () => {
  for (const product of running) await product.stop();
  await model.close();
});

async function start(role: "web" | "daemon"): Promise<Product> {
  const env = {
    SLIPWAY_ROLE: role,
    DATABASE_URL: toDatabaseUrl(address),
    ANTHROPIC_API_KEY: "sk-ant-of-the-roles",
    ANTHROPIC_BASE_URL: `${model.url}/v1`,
  };
  const product = await startProduct({ dataDir, env });
  running.add(product);
  return product;
}

async function end(product: Product, how: "stop" | "kill"): Promise<number | null> {
  running.delete(product);
  return how === "stop" ? product.stop() : product.kill().then(() => null);
}

const [web, first] = await Promise.all([start("web"), start("daemon")]);
let daemon = first;

const authorization = `Bearer ${ADMINISTRATOR.token}`;
async function request<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${web.url}/api/experimental${path}`, {
    method,
    headers: { authorization, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return (await response.json()) as T;
}

const send = (text: string) => request<Chat>("POST", "/chats", { content: [{ type: "text", text }] });
const statusOf = async ({ id }: Chat) => (await request<Chat>("GET", `/chats/${id}`)).status;
const becomes = (chat: Chat, status: string) =>
  expect.poll(() => statusOf(chat), { timeout: 30_000, interval: 50 }).toBe(status);
const textOf = async ({ id }: Chat) => {
  const { messages } = await request<{ messages: Message[] }>("GET", `/chats/${id}/messages`);
  const parts = messages.filter(({ role }) => role === "assistant").flatMap(({ content }) => content);
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
};
const watch = ({ id }: Chat) =>
  connect(({ signal }) =>
    fetch(`${web.url}/api/experimental/chats/${id}/stream`, { signal, headers: { authorization } }),
  );

test("what one process is asked another runs, and its words arrive while they are said", async () => {
  const chat = await send(TALK);
  const viewer = await watch(chat);
  await viewer.waitFor(({ event }) => event === "message_part");
  expect(await statusOf(chat)).toBe("running");
  await viewer.waitFor(({ data }) => data.type === "message" && data.message.role === "assistant");
  const parts = viewer.events.filter(({ event }) => event === "message_part");
  // Three seconds of words, checkpointed four times a second.
  expect(parts.length).toBeGreaterThan(5);
  const heard = parts.map(({ data }) => (data.type === "message_part" && "text" in data.part ? data.part.text : ""));
  expect(WORDS.join("").startsWith(heard.join(""))).toBe(true);
  await viewer.disconnect();
  await becomes(chat, "waiting");
  expect(await textOf(chat)).toBe(WORDS.join(""));
});

test("a killed daemon is replaced by the next within seconds, and no command runs twice", async () => {
  const chat = await send(COUNT);
  const viewer = await watch(chat);
  await viewer.waitFor(({ data }) => data.type === "message" && data.message.role === "assistant");
  const second = await start("daemon");
  await end(daemon, "kill");
  daemon = second;
  await expect.poll(() => second.output()).toContain("taken from a dead worker");
  const { workspace_id } = await request<Chat>("GET", `/chats/${chat.id}`);
  await writeFile(join(dataDir, "workspaces", `${workspace_id}`, "work", "go"), "");
  await becomes(chat, "waiting");
  expect(await textOf(chat)).toContain("1 run");
  await viewer.disconnect();
});

test("the process without sandboxes has workspaces built and stopped by the one that hosts them", async () => {
  type Workspace = { id: string; latest_build: { status: string } };
  const { id } = await request<Workspace>("POST", "/workspaces", {});
  const status = async () => (await request<Workspace>("GET", `/workspaces/${id}`)).latest_build.status;
  await expect.poll(status, { timeout: 20_000 }).toBe("running");
  await request("POST", `/workspaces/${id}/builds`, { transition: "stop" });
  await expect.poll(status, { timeout: 20_000 }).toBe("stopped");
});

test("a daemon that is asked to end hands its chats over", async () => {
  const chat = await send(TALK);
  await becomes(chat, "running");
  expect(await end(daemon, "stop")).toBe(0);
  expect(await statusOf(chat)).toBe("pending");
  daemon = await start("daemon");
  await becomes(chat, "waiting");
  expect(await textOf(chat)).toBe(WORDS.join(""));
});
