/** The engine under load: latencies on the way to and from the model, fan-out, long chats, many turns, and memory. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSql } from "@/db/connect";
import { startEmbeddedPostgres } from "@/db/embedded";
import type { Chat } from "@/lib/contract/chats";
import { toDatabaseUrl } from "../../support/database";
import { ADMINISTRATOR, startProduct } from "../../support/product";
import { type Arrival, type Client, createClient, type Stream } from "../client";
import { collectGarbage, INSPECTABLE } from "../heap";
import { cpuMs, findServer, residentMb } from "../processes";
import { stampsOf, wallClock } from "../stamped-model";
import { median, percentile, type Row, row } from "../stats";
import { measureWayFromModel } from "./way-from-model";

const isIdle = ({ data }: Arrival) => data.type === "status" && data.status === "waiting";
const isPart = ({ data }: Arrival) => data.type === "message_part";
const isMessage = (role: string) => (event: Arrival) =>
  event.data.type === "message" && (event.data.message as { role: string }).role === role;

type Engine = {
  client: Client;
  serverPid: number;
  stampedModelId: string;
  stampedUrl: string;
  sql: ReturnType<typeof createSql>;
  /** Resident memory of the server without its garbage, in MB. */
  heldMb(): Promise<number>;
};

export async function measureEngine(urls: { modelUrl: string; stampedUrl: string }): Promise<Row[]> {
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-bench-engine-"));
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, "database") });
  const sql = createSql(postgres.address, { max: 1 });
  const env = {
    DATABASE_URL: toDatabaseUrl(postgres.address),
    OPENAI_API_KEY: "bench",
    OPENAI_BASE_URL: `${urls.modelUrl}/v1`,
    LOG_LEVEL: "error",
    ...INSPECTABLE,
  };
  const product = await startProduct({ dataDir: join(dataDir, "data"), env });
  const client = createClient({ url: product.url, token: ADMINISTRATOR.token });
  try {
    const serverPid = findServer(product.pid);
    const stampedModelId = await addStampedModel(client, urls.stampedUrl);
    const heldMb = async () => {
      await collectGarbage(serverPid, product.output);
      return residentMb(serverPid);
    };
    const engine = { client, serverPid, stampedModelId, stampedUrl: urls.stampedUrl, sql, heldMb };
    return [
      ...(await measureWayToModel(engine)),
      ...(await measureWayFromModel(engine)),
      ...(await measureParallelCalls(engine)),
      ...(await measureSubscribers(engine)),
      ...(await measureRunningMemory(engine)),
      ...(await measureLongChat(engine)),
      ...(await measureManyTurns(engine)),
    ];
  } catch (error) {
    console.error(product.output());
    throw error;
  } finally {
    client.close();
    await product.stop();
    await sql.end();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function addStampedModel(client: Client, url: string): Promise<string> {
  const provider = await client.call<{ id: string }>("POST", "/chats/providers", {
    provider: "openai-compat",
    base_url: `${url}/v1`,
    api_key: "bench",
  });
  const config = await client.call<{ id: string }>("POST", "/chats/model-configs", {
    provider_id: provider.id,
    model: "stamped",
  });
  return config.id;
}

type OpenChat = { chat: Chat; stream: Stream };

async function openChat(client: Client, body: Record<string, unknown> = { content: "hello" }): Promise<OpenChat> {
  const chat = await client.call<Chat>("POST", "/chats", body);
  const stream = client.stream(`/chats/${chat.id}/stream`);
  await stream.next(isIdle);
  return { chat, stream };
}

const isVersionAfter = (version: number) => (event: Arrival) => isIdle(event) && Number(event.data.version) > version;

/** Of a chat of its own, before the clock runs: a server in service has its hot code compiled. */
const WARM_TURNS = 100;
const WAY_TURNS = 200;

/** The time between the person's POST and the request's arrival at the provider. */
async function measureWayToModel(engine: Engine): Promise<Row[]> {
  await timesToModel(engine, WARM_TURNS);
  const times = await timesToModel(engine, WAY_TURNS);
  return [row("POST message → request at the provider, p50", median(times), "ms", 10)];
}

async function timesToModel({ client, stampedModelId }: Engine, turns: number): Promise<number[]> {
  const { chat, stream } = await openChat(client, { content: "stamp 1x0", model_config_id: stampedModelId });
  const times: number[] = [];
  let version = 0;
  for (let turn = 0; turn < turns; turn++) {
    const start = wallClock();
    const sent = client.call("POST", `/chats/${chat.id}/messages`, { content: "stamp 1x0" });
    const isEnd = isVersionAfter(version);
    const first = await stream.next((event) => isPart(event) || isEnd(event));
    // A turn that ends before its rows were read is told without parts.
    const arrived = isPart(first) ? stampsOf(first)[0]?.arrived : undefined;
    if (arrived !== undefined) times.push(arrived - start);
    await sent;
    version = Number((isPart(first) ? await stream.next(isEnd) : first).data.version);
  }
  stream.close();
  return times;
}

async function measureParallelCalls({ client }: Engine): Promise<Row[]> {
  const { chat, stream } = await openChat(client, { content: "execute" });
  const step = async (content: string) => {
    const times: number[] = [];
    for (let sample = 0; sample < 10; sample++) {
      await client.call("POST", `/chats/${chat.id}/messages`, { content });
      const asked = await stream.next(isMessage("assistant"));
      const answered = await stream.next(isMessage("tool"));
      times.push(answered.at - asked.at);
      await stream.next(isIdle);
    }
    return median(times);
  };
  const one = await step("execute1");
  const eight = await step("execute8");
  stream.close();
  const ratio = eight / one;
  return [
    {
      ...row("eight parallel commands of 0.2 s", eight, "ms", Number.NaN),
      floor: { what: "one", value: one },
      target: "≤ 1.5 ×",
      met: ratio <= 1.5,
    },
  ];
}

const SUBSCRIBERS = 1_000;
const EVENTS = 30;

async function measureSubscribers({ client, stampedModelId, heldMb }: Engine): Promise<Row[]> {
  const { chat, stream } = await openChat(client, { content: "stamp 1x0", model_config_id: stampedModelId });
  stream.close();
  const before = await heldMb();
  const watchers = await openMany(() => client.stream(`/chats/${chat.id}/stream`), isIdle);
  const eachKb = (((await heldMb()) - before) * 1024) / SUBSCRIBERS;
  await client.call("POST", `/chats/${chat.id}/messages`, { content: `stamp ${EVENTS}x250` });
  const ours = await collect(watchers, EVENTS);

  const plain = fork(fileURLToPath(new URL("../plain-server.ts", import.meta.url)));
  const [plainUrl] = (await once(plain, "message")) as [string];
  const plainClient = createClient({ url: "", token: "" });
  const plainWatchers = await openMany(() => plainClient.streamAt(plainUrl), null);
  const receiving = collect(plainWatchers, EVENTS);
  for (let event = 0; event < EVENTS; event++) {
    plain.send("say");
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const floor = await receiving;
  plain.kill();
  const [p99, floorP99] = [percentile(ours, 0.99), percentile(floor, 0.99)];
  return [
    {
      what: `chunk → ${SUBSCRIBERS} subscribers of one chat, p99`,
      value: p99,
      unit: "ms",
      floor: { what: "plain Node server", value: floorP99 },
      target: "≤ 1.3 ×",
      met: p99 / floorP99 <= 1.3,
    },
    { ...row("server memory a subscriber", eachKb, "KB", 15) },
  ];
}

async function openMany(open: () => Stream, first: ((event: Arrival) => boolean) | null): Promise<Stream[]> {
  const streams: Stream[] = [];
  for (let batch = 0; batch < SUBSCRIBERS; batch += 50) {
    const opened = Array.from({ length: 50 }, open);
    await Promise.all(opened.map((stream) => (first ? stream.next(first) : stream.opened)));
    streams.push(...opened);
  }
  return streams;
}

/** How long each stamped chunk took to each stream; closes them. */
async function collect(streams: Stream[], count: number): Promise<number[]> {
  const times = await Promise.all(
    streams.map(async (stream) => {
      const mine: number[] = [];
      while (mine.length < count) {
        const event = await stream.next(isPart);
        for (const { sent } of stampsOf(event)) mine.push(event.at + performance.timeOrigin - sent);
      }
      stream.close();
      return mine;
    }),
  );
  return times.flat();
}

const HANGING = 200;

async function measureRunningMemory({ client, serverPid }: Engine): Promise<Row[]> {
  const before = residentMb(serverPid);
  const chats = await Promise.all(
    Array.from({ length: HANGING - 20 }, () => client.call<Chat>("POST", "/chats", { content: "hang" })),
  );
  const streams = chats.map(({ id }) => client.stream(`/chats/${id}/stream`));
  await Promise.all(streams.map((stream) => stream.next(isPart)));
  const each = (residentMb(serverPid) - before) / chats.length;
  await Promise.all(chats.map(({ id }) => client.call("POST", `/chats/${id}/interrupt`)));
  for (const stream of streams) stream.close();
  return [row("server memory a running chat with a viewer", each, "MB", 1)];
}

const LONG_TURNS = 10_000;
/** Enough that a split page of an index is no difference. */
const TURNS_MEASURED = 120;

type TurnCost = { transactions: number; walBytes: number; cpuMs: number; rowsRead: number };

/** A chat as after ten thousand turns: their rows behind a summary, so that the prompt is as short as the other's. */
async function measureLongChat(engine: Engine): Promise<Row[]> {
  const { client, sql } = engine;
  const short = await openChat(client);
  const long = await openChat(client);
  await sql`
    INSERT INTO chat_messages (chat_id, role, content, content_version)
    SELECT ${long.chat.id}, (CASE WHEN turn.half = 0 THEN 'user' ELSE 'assistant' END)::chat_message_role,
      jsonb_build_array(jsonb_build_object('type', 'text', 'text', repeat('word ', 40))), 1
    FROM generate_series(1, ${LONG_TURNS}) AS n, LATERAL (VALUES (0), (1)) AS turn (half)`;
  await sql`
    INSERT INTO chat_messages (chat_id, role, visibility, content, content_version, compressed)
    VALUES (${long.chat.id}, 'user', 'model', '[{"type":"text","text":"Summary."}]', 1, true)`;
  await sql`VACUUM ANALYZE chat_messages`;
  // The upkeep of tables that are ten thousand rows larger than a moment ago is no turn's doing.
  await setAutovacuum(sql, "off");
  // Both ways round, so that a machine whose speed drifts is no difference.
  const costs: TurnCost[] = [];
  for (const chat of [short, long, long, short]) costs.push(await turnCost(engine, chat));
  await setAutovacuum(sql, "on");
  short.stream.close();
  long.stream.close();
  const ratio = (what: string, key: keyof TurnCost): Row => {
    const [first, second, third, fourth] = costs.map((cost) => cost[key]) as [number, number, number, number];
    const value = (second + third) / (first + fourth);
    const named = `turn 10,000 to turn 10, ${what}`;
    return { what: named, value, unit: "×", floor: null, target: "≤ 1.1 ×", met: value <= 1.1 };
  };
  return [
    ratio("transactions", "transactions"),
    ratio("WAL bytes", "walBytes"),
    ratio("rows read", "rowsRead"),
    ratio("server CPU", "cpuMs"),
  ];
}

async function setAutovacuum(sql: Engine["sql"], value: "on" | "off"): Promise<void> {
  await sql.unsafe(`ALTER SYSTEM SET autovacuum = ${value}`);
  await sql`SELECT pg_reload_conf()`;
}

/** From its next turn on the search index takes up a chat's rows in the background, which is no turn's doing. */
async function untilIndexed({ sql }: Engine, chatId: string): Promise<void> {
  const isIndexed = async () =>
    (
      await sql`SELECT 1 FROM chat_search_marks WHERE chat_id = ${chatId} AND message_id >= (
      SELECT max(id) FROM chat_messages WHERE chat_id = ${chatId} AND visibility <> 'model')`
    ).length > 0;
  while (!(await isIndexed())) await new Promise((resolve) => setTimeout(resolve, 200));
}

async function turnCost(engine: Engine, { chat, stream }: OpenChat): Promise<TurnCost> {
  const { client, sql, serverPid } = engine;
  const turn = async () => {
    const before = await client.call<Chat>("GET", `/chats/${chat.id}`);
    const sent = client.call("POST", `/chats/${chat.id}/messages`, { content: "hello" });
    await stream.next(isMessage("assistant"));
    await sent;
    await stream.next(isIdle);
    return before;
  };
  await turn();
  await untilIndexed(engine, chat.id);
  // The first write to a page after a checkpoint logs all of it.
  await sql`CHECKPOINT`;
  for (let warm = 0; warm < 10; warm++) await turn();
  const read = async () => {
    const [found] = await sql`
      SELECT pg_current_wal_lsn() - '0/0' AS wal, xact_commit AS transactions, tup_fetched AS fetched
      FROM pg_stat_database WHERE datname = current_database()`;
    return { wal: Number(found?.wal), transactions: Number(found?.transactions), fetched: Number(found?.fetched) };
  };
  // The statistics of a connection are told with a delay of at most a second.
  const settle = () => new Promise((resolve) => setTimeout(resolve, 2_000));
  await settle();
  const before = { ...(await read()), cpu: cpuMs(serverPid) };
  for (let measured = 0; measured < TURNS_MEASURED; measured++) await turn();
  const cpu = cpuMs(serverPid);
  await settle();
  const after = await read();
  return {
    transactions: (after.transactions - before.transactions) / TURNS_MEASURED,
    walBytes: (after.wal - before.wal) / TURNS_MEASURED,
    rowsRead: (after.fetched - before.fetched) / TURNS_MEASURED,
    cpuMs: (cpu - before.cpu) / TURNS_MEASURED,
  };
}

const MANY_CHATS = 600;
const TURNS_EACH = 10;

/**
 * 6,000 turns of 600 chats at once; none may fail, and the memory afterwards is that before. Garbage is collected for
 * both: how much of it lies about is the collector's choice, and says nothing of what is kept.
 */
async function measureManyTurns({ client, serverPid, heldMb }: Engine): Promise<Row[]> {
  const chats = await Promise.all(Array.from({ length: MANY_CHATS }, () => openChat(client)));
  const before = await heldMb();
  let failures = 0;
  const start = performance.now();
  await Promise.all(
    chats.map(async ({ chat, stream }) => {
      let version = 0;
      for (let turn = 0; turn < TURNS_EACH; turn++) {
        await client.call("POST", `/chats/${chat.id}/messages`, { content: "hello" });
        const end = await stream.next(
          (event) => isVersionAfter(version)(event) || (event.data.type === "status" && event.data.status === "error"),
        );
        if (end.data.status === "error") failures += 1;
        version = Number(end.data.version);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  const withGarbage = residentMb(serverPid);
  const grown = (await heldMb()) - before;
  for (const { stream } of chats) stream.close();
  return [
    {
      what: `failures in ${MANY_CHATS} chats × ${TURNS_EACH} turns`,
      value: failures,
      unit: "",
      floor: null,
      target: "0",
      met: failures === 0,
    },
    row(`turns a second with ${MANY_CHATS} chats`, (MANY_CHATS * TURNS_EACH) / seconds, "/s", Number.NaN, null),
    row("server memory held after 6,000 turns beside before", grown, "MB", 60),
    row("server memory after 6,000 turns, garbage included", withGarbage, "MB", Number.NaN, null),
  ];
}
