/**
 * Kills a real worker process at a failpoint and lets the next one go on: one database, one data directory, scenes that
 * pass through the marks, and the checker after each death.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Sql } from "postgres";
import { createSql } from "@/db/connect";
import { startEmbeddedPostgres } from "@/db/embedded";
import { createChat } from "@/lib/chats/create-chat";
import { interruptChat } from "@/lib/chats/interrupt";
import { sendMessage } from "@/lib/chats/send-message";
import { systemClock } from "@/lib/clock";
import { createHintRelay } from "@/lib/hint-relay";
import { createPubSub } from "@/lib/pubsub";
import { killSandboxes } from "../support/end-sandboxes";
import { startServerProcess } from "../support/server-process";
import { check } from "./checks/check";
import type { Act, Violation } from "./evidence";
import { readEffects, readFacts } from "./facts";
import { type Provider, startProvider } from "./provider";

export type Phase = "before" | "after";
export const SCENES = ["text", "tool", "interruption", "tool interruption", "queue", "failure", "retry"] as const;
export type Scene = (typeof SCENES)[number];

export type Kill = {
  mark: string;
  phase: Phase;
  /** `starting`: the worker takes over from a dead one; `ending`: it is asked to end while it works. */
  scene: Scene | "starting" | "ending";
};

export type Ground = {
  /** Plays a scene to its end, unharmed. Returns the marks that were passed. */
  play(scene: Scene): Promise<Set<string>>;
  /** Kills the worker at a mark, lets the next one go on and checks. @throws Error when the mark is never passed. */
  kill(kill: Kill): Promise<Violation[]>;
  close(): Promise<void>;
};

/** The marks that scenes pass, and a scene for each. */
export async function record(ground: Ground): Promise<Map<string, Scene>> {
  const scenes = new Map<string, Scene>();
  for (const scene of SCENES) {
    for (const mark of await ground.play(scene)) if (!scenes.has(mark)) scenes.set(mark, scene);
  }
  return scenes;
}

const DEATH_MS = 60_000;
const REST_MS = 60_000;
const preload = fileURLToPath(new URL("../support/failpoints.mjs", import.meta.url));

const waitFor = async (condition: () => boolean | Promise<boolean>, what: string, timeoutMs = REST_MS) => {
  for (const deadline = Date.now() + timeoutMs; !(await condition()); await sleep(20)) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
  }
};

export async function createGround(): Promise<Ground> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-kill-"));
  const files = { FAILPOINT_ARMING: join(directory, "arming.json"), FAILPOINT_PASSED: join(directory, "passed") };
  const markers = new Map<string, string>();
  const provider = await startProvider((marker) => markers.get(marker) ?? "");
  const postgres = await startEmbeddedPostgres({ dataDir: join(directory, "cluster") });
  const sql = createSql(postgres.address, { max: 4 });
  const socket = postgres.address.kind === "socket" ? postgres.address.directory : "";

  const launch = () =>
    startServerProcess({
      nodeArguments: ["--import", pathToFileURL(preload).href],
      env: {
        ...files,
        SLIPWAY_ROLE: "daemon",
        SLIPWAY_DATA_DIR: directory,
        DATABASE_URL: `postgres://slipway@${encodeURIComponent(socket)}:5432/slipway`,
        SLIPWAY_WORKER_HEARTBEAT_MS: "500",
        ANTHROPIC_API_KEY: "sk-ant-of-the-killing-ground",
        ANTHROPIC_BASE_URL: `${provider.url}/v1`,
      },
    });
  let worker = launch();
  await worker.ready;
  const ownerId = await insertPerson(sql);
  const pubsub = createPubSub({ connectRelay: (deliver) => createHintRelay({ sql, clock: systemClock, deliver }) });
  const isAlive = () => !worker.hasExited();
  const player = createPlayer({ sql, writer: { sql, pubsub }, ownerId, provider, markers, isAlive });

  const arm = (mark: string, phase: Phase) =>
    writeFile(files.FAILPOINT_ARMING, JSON.stringify({ mark, phase, action: "kill" }));
  const disarm = () => rm(files.FAILPOINT_ARMING, { force: true });
  const dies = async (mark: string, phase: Phase) => {
    await waitFor(
      () => worker.hasExited(),
      `the worker dies ${phase} ${mark}:\n${worker.output().slice(-2_000)}`,
      DEATH_MS,
    );
    await disarm();
  };
  const readPassed = async () => new Set((await readFile(files.FAILPOINT_PASSED, "utf8")).split("\n").filter(Boolean));
  /** Dead workers' rows are aged instead of waited for. */
  const age = () => sql`UPDATE workers SET heartbeat_at = now() - interval '1 hour'`;

  const kill = {
    async during(scene: Scene, { mark, phase }: Kill) {
      await arm(mark, phase);
      const played = await player.begin(scene);
      await dies(mark, phase);
      return { played, kills: 1 };
    },
    async starting({ mark, phase }: Kill) {
      const played = await player.begin("interruption", { untilStopped: false });
      await worker.kill();
      await arm(mark, phase);
      await age();
      worker = launch();
      await dies(mark, phase);
      return { played, kills: 2 };
    },
    async ending({ mark, phase }: Kill) {
      const played = await player.begin("interruption", { untilStopped: false });
      await arm(mark, phase);
      worker.signal("SIGTERM");
      await dies(mark, phase);
      return { played, kills: 1 };
    },
  };
  const strike = (one: Kill) => {
    if (one.scene === "starting") return kill.starting(one);
    return one.scene === "ending" ? kill.ending(one) : kill.during(one.scene, one);
  };

  return {
    async play(scene) {
      await rm(files.FAILPOINT_PASSED, { force: true });
      const violations = await player.end(await player.begin(scene), { directory, kills: 0 });
      if (violations.length > 0) throw new Error(`Unharmed, ${scene} violates ${JSON.stringify(violations)}`);
      // Commands are cancelled after the chat is at rest: not to be taken for a deed of the next scene.
      const late = scene === "tool interruption" ? ["workspace.cancel"] : [];
      await waitFor(async () => {
        const passed = await readPassed();
        return late.every((mark) => passed.has(mark));
      }, `${late.join()} is passed`);
      return readPassed();
    },
    async kill(one) {
      const { played, kills } = await strike(one);
      await age();
      worker = launch();
      await worker.ready;
      return player.end(played, { directory, kills });
    },
    async close() {
      await worker.stop();
      await pubsub.close();
      await sql.end({ timeout: 2 });
      await postgres.stop();
      await provider.close();
      killSandboxes(directory);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function insertPerson(sql: Sql): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    INSERT INTO users (id, email, username) VALUES (gen_random_uuid(), 'ada@example.test', 'ada') RETURNING id`;
  return row!.id;
}

type Played = { chatId: string; acts: Act[]; firstRequest: number };

type PlayerOptions = {
  sql: Sql;
  writer: Parameters<typeof createChat>[0];
  ownerId: string;
  provider: Provider;
  markers: Map<string, string>;
  /** Killed before it could ask or answer: nothing more happens until the next worker comes. */
  isAlive: () => boolean;
};

/** What the provider is asked for: `[marker] steps words`. */
const PLANS: Record<Scene, string> = {
  text: "text 30",
  tool: "many,text 5",
  interruption: "text 100",
  "tool interruption": "long,text 5",
  queue: "text 20",
  failure: "refused 1",
  retry: "overloaded,text 5",
};

/** Plays the person's side with the product's own verbs, so that only the worker is a process that dies. */
function createPlayer({ sql, writer, ownerId, provider, markers, isAlive }: PlayerOptions) {
  let number = 0;
  const statusOf = async (chatId: string) =>
    (await sql<{ status: string }[]>`SELECT status FROM chats WHERE id = ${chatId}`)[0]?.status ?? "";

  const hasCall = async (chatId: string) =>
    (await sql`SELECT 1 FROM chat_messages WHERE chat_id = ${chatId} AND role = 'assistant'`).length > 0;

  async function begin(scene: Scene, { untilStopped = true } = {}): Promise<Played> {
    const firstRequest = provider.log.length;
    const marker = `[c${number++}.m0]`;
    const [model] = await sql<
      { id: string }[]
    >`SELECT id FROM chat_model_configs WHERE is_default AND deleted_at IS NULL`;
    markers.set(marker, "");
    const content = `${marker} ${PLANS[scene]}`;
    const { chatId } = await createChat(writer, { ownerId, content, modelConfigId: model!.id });
    markers.set(marker, chatId);
    const acts: Act[] = [{ chatId, kind: "send", marker, delivery: "queue", outcome: "done", order: 0 }];
    const hasBegun = () => provider.log.length > firstRequest;
    if (scene === "queue") {
      const second = marker.replace(".m0", ".m1");
      const sent = { chatId, ownerId, content: `${second} text 5`, busyBehavior: "queue" as const };
      const { queued } = await sendMessage(writer, sent);
      acts.push({ chatId, kind: "send", marker: second, delivery: "queue", outcome: "done", order: 1, queued });
    }
    if (scene === "interruption" || scene === "tool interruption") {
      await waitFor(() => hasBegun() || !isAlive(), "the model was asked");
      if (scene === "tool interruption") await waitFor(async () => (await hasCall(chatId)) || !isAlive(), "it calls");
      if (untilStopped) await interruptChat(writer, { chatId, ownerId });
    }
    return { chatId, acts, firstRequest };
  }

  async function end(played: Played, { directory, kills }: { directory: string; kills: number }): Promise<Violation[]> {
    const { chatId, acts, firstRequest } = played;
    await waitFor(async () => ["waiting", "error"].includes(await statusOf(chatId)), `chat ${chatId} is at rest`);
    const facts = await readFacts(sql, [chatId]);
    const [made] = await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM workspaces WHERE id = ${chatId} OR
      (owner_id = ${ownerId} AND NOT EXISTS (SELECT 1 FROM chats c WHERE c.workspace_id = workspaces.id))`;
    const violations = check({
      ...facts,
      // Of the scene in which the provider refuses on purpose.
      chats: facts.chats.map((chat) => (chat.lastError?.kind === "config" ? { ...chat, status: "waiting" } : chat)),
      acts,
      requests: provider.log.slice(firstRequest),
      transcripts: [],
      effects: await readEffects(directory),
      kills,
      unwell: made!.count > 1 ? [`${made!.count} workspaces were made for one chat`] : [],
    });
    return violations;
  }
  return { begin, end };
}
