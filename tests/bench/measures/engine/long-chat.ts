/** What a turn costs after ten thousand others, beside the tenth. */
import { isIdle, isMessage } from "../../client";
import { cpuMs } from "../../processes";
import type { Row } from "../../stats";
import { type Engine, type OpenChat, openChat } from "./open-chat";

const LONG_TURNS = 10_000;
/** Enough that a split page of an index is no difference. */
const TURNS_MEASURED = 120;
/** Of one chat and then of the other: the machine's speed changes from one second to the next. */
const TURNS_A_ROUND = 5;

type TurnCost = { transactions: number; walBytes: number; rowsRead: number };

/** A chat as after ten thousand turns: their rows behind a summary, so that the prompt is as short as the other's. */
export async function measureLongChat(engine: Engine): Promise<Row[]> {
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
  // Both ways round: what runs in the background is counted as well.
  const costs: TurnCost[] = [];
  for (const chat of [short, long, long, short]) costs.push(await turnCost(engine, chat));
  const [first, second, third, fourth] = costs as [TurnCost, TurnCost, TurnCost, TurnCost];
  const counted = (key: keyof TurnCost) => (second[key] + third[key]) / (first[key] + fourth[key]);
  const cpu = await cpuOfTurns(engine, { short, long });
  await setAutovacuum(sql, "on");
  short.stream.close();
  long.stream.close();
  const ratio = (what: string, value: number): Row => {
    const named = `turn 10,000 to turn 10, ${what}`;
    return { what: named, value, unit: "×", floor: null, target: "≤ 1.1 ×", met: value <= 1.1 };
  };
  return [
    ratio("transactions", counted("transactions")),
    ratio("WAL bytes", counted("walBytes")),
    ratio("rows read", counted("rowsRead")),
    ratio("server CPU", cpu.long / cpu.short),
  ];
}

/** The server's, of as many turns of each, in turn. */
async function cpuOfTurns(engine: Engine, chats: { short: OpenChat; long: OpenChat }) {
  const total = { short: 0, long: 0 };
  for (let round = 0; round < TURNS_MEASURED / TURNS_A_ROUND; round++) {
    for (const which of round % 2 === 0 ? (["short", "long"] as const) : (["long", "short"] as const)) {
      const before = cpuMs(engine.serverPid);
      for (let turn = 0; turn < TURNS_A_ROUND; turn++) await runTurn(engine, chats[which]);
      total[which] += cpuMs(engine.serverPid) - before;
    }
  }
  return total;
}

async function runTurn({ client }: Engine, { chat, stream }: OpenChat): Promise<void> {
  const sent = client.call("POST", `/chats/${chat.id}/messages`, { content: "hello" });
  await stream.next(isMessage("assistant"));
  await sent;
  await stream.next(isIdle);
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

async function turnCost(engine: Engine, open: OpenChat): Promise<TurnCost> {
  const { sql } = engine;
  await runTurn(engine, open);
  await untilIndexed(engine, open.chat.id);
  // The first write to a page after a checkpoint logs all of it.
  await sql`CHECKPOINT`;
  for (let warm = 0; warm < 10; warm++) await runTurn(engine, open);
  const read = async () => {
    const [found] = await sql`
      SELECT pg_current_wal_lsn() - '0/0' AS wal, xact_commit AS transactions, tup_fetched AS fetched
      FROM pg_stat_database WHERE datname = current_database()`;
    return { wal: Number(found?.wal), transactions: Number(found?.transactions), fetched: Number(found?.fetched) };
  };
  // The statistics of a connection are told with a delay of at most a second.
  const settle = () => new Promise((resolve) => setTimeout(resolve, 2_000));
  await settle();
  const before = await read();
  for (let measured = 0; measured < TURNS_MEASURED; measured++) await runTurn(engine, open);
  await settle();
  const after = await read();
  return {
    transactions: (after.transactions - before.transactions) / TURNS_MEASURED,
    walBytes: (after.wal - before.wal) / TURNS_MEASURED,
    rowsRead: (after.fetched - before.fetched) / TURNS_MEASURED,
  };
}
