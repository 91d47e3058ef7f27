/**
 * `npm run demo`: breaks a real library, gives it to an agent of the real product and tells what happens, step by step.
 * The model is scripted, or the real one when its key is in the environment. `--exit` ends when the task does.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Chat } from "@/lib/contract/chats";
import type { ChatEvent } from "@/lib/contract/events";
import type { Part } from "@/lib/contract/messages";
import { createSseDecoder } from "@/lib/contract/sse";
import { createBrokenLibrary } from "../support/broken-library";
import { type ModelServer, startModelServer } from "../support/model-server";
import { ADMINISTRATOR, startProduct } from "../support/product";
import { createRepairScript, REPAIR_TASK } from "../support/repair-script";

/** Slow enough to read along. */
const CHUNK_DELAY_MS = 25;
/** Of one result. */
const MAX_LINES = 30;
const REAL_MODEL_VARIABLES = ["ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL"];

const dataDir = await mkdtemp(join(tmpdir(), "slipway-demo-"));
const model = await startScriptedModel();
const product = await startProduct({ dataDir, env: { ...modelEnvironment(model), PORT: process.env.PORT ?? "0" } });
const headers = { authorization: `Bearer ${ADMINISTRATOR.token}`, "content-type": "application/json" };
const api = `${product.url}/api/experimental`;

const repository = createBrokenLibrary(join(dataDir, "library"));
const chat = await post<Chat>("/chats", { content: REPAIR_TASK, repository, title: "Fix the failing tests" });
console.log(`\nWatch it at ${product.url}/agents/${chat.id}`);
console.log(`Sign in as ${ADMINISTRATOR.email} with the password "${ADMINISTRATOR.password}".\n`);
const isDone = await follow(chat.id);

if (process.argv.includes("--exit")) await end(isDone ? 0 : 1);
console.log("\nThe product stays up. Ctrl-C ends it.");
process.on("SIGINT", () => void end(0));
process.on("SIGTERM", () => void end(0));

async function startScriptedModel(): Promise<ModelServer | null> {
  const hasKey = process.env.ANTHROPIC_API_KEY || process.env.OPENAI_API_KEY;
  return hasKey ? null : startModelServer({ script: createRepairScript({ delayMs: CHUNK_DELAY_MS }) });
}

function modelEnvironment(scripted: ModelServer | null): Record<string, string> {
  if (scripted) return { ANTHROPIC_API_KEY: "sk-demo-0123456789abcdef", ANTHROPIC_BASE_URL: `${scripted.url}/v1` };
  const given = REAL_MODEL_VARIABLES.map((name) => [name, process.env[name]]);
  return Object.fromEntries(given.filter((entry): entry is [string, string] => Boolean(entry[1])));
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(`${api}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Prints each message as it becomes durable. Resolves when the chat is idle: true when it ended well. */
async function follow(chatId: string): Promise<boolean> {
  const response = await fetch(`${api}/chats/${chatId}/stream`, { headers });
  const decoder = createSseDecoder();
  const text = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    for (const event of decoder.push(text.decode(chunk, { stream: true }))) {
      const data = JSON.parse(event.data) as ChatEvent;
      if (data.type === "message") for (const part of data.message.content) printPart(data.message.role, part);
      if (data.type === "error") console.log(`! ${data.message}`);
      if (data.type === "status" && data.status === "waiting") return true;
      if (data.type === "status" && data.status === "error") return false;
    }
  }
  return false;
}

function printPart(role: string, part: Part): void {
  if (part.type === "text") console.log(role === "user" ? `> ${part.text}\n` : part.text);
  if (part.type === "reasoning") console.log(`(${part.text})`);
  if (part.type === "tool-call") console.log(`\n* ${part.tool_name} ${JSON.stringify(part.args)}`);
  if (part.type === "tool-result") console.log(indent(describeResult(part.result)));
}

function describeResult(result: unknown): string {
  if (typeof result === "string") return result;
  const { output, files } = result as { output?: string; files?: { diff: string }[] };
  return output ?? files?.map(({ diff }) => diff).join("\n") ?? JSON.stringify(result);
}

function indent(text: string): string {
  const lines = text.trimEnd().split("\n");
  const shown = lines.slice(0, MAX_LINES).map((line) => `    ${line}`);
  return [...shown, ...(lines.length > MAX_LINES ? [`    … ${lines.length - MAX_LINES} more lines`] : [])].join("\n");
}

/** Sandboxes outlive the server, so the demonstration removes its own. */
async function deleteWorkspaces(): Promise<void> {
  const workspaces = (await (await fetch(`${api}/workspaces`, { headers })).json()) as { id: string }[];
  for (const { id } of workspaces) await post(`/workspaces/${id}/builds`, { transition: "delete" });
  const isGone = async () => {
    const left = (await (await fetch(`${api}/workspaces`, { headers })).json()) as { status: string }[];
    return left.every(({ status }) => status === "deleted" || status === "failed");
  };
  const deadline = Date.now() + 10_000;
  while (!(await isGone()) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
}

async function end(code: number): Promise<never> {
  await deleteWorkspaces().catch((error) => console.error(error));
  await product.stop();
  await model?.close();
  await rm(dataDir, { recursive: true, force: true });
  process.exit(code);
}
