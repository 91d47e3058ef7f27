/** Turn 10,000 of a chat costs the server what turn 10 does: statements, and rows read beside the prompt itself. */
import { expect, test } from "vitest";
import { createTestDaemon } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byStep } from "../support/model-script";

const slipway = await createTestDaemon({
  script: byStep([reply.toolCalls([{ name: "execute", args: { command: "ls" } }]), reply.text("Done.")]),
});
await slipway.start();
const { sql, ownerId } = slipway;

/** The next time the chat is idle, by its hints, so that no statement is spent on waiting. */
const untilIdle = (chatId: string) =>
  new Promise<void>((resolve) => {
    const unsubscribe = slipway.pubsub.subscribe((hint) => {
      if (hint.type !== "chat" || hint.chatId !== chatId || hint.status !== "waiting") return;
      unsubscribe();
      resolve();
    });
  });

type Statement = { text: string; parameters: unknown[] };

/** Runs one turn and returns what it asked about chats; the daemon's pulse, its search index and a new connection's question are left out. */
async function turn(chatId: string): Promise<Statement[]> {
  const statements: Statement[] = [];
  const options = sql.options as { debug: unknown };
  options.debug = (_connection: number, text: string, parameters: unknown[]) => statements.push({ text, parameters });
  const idle = untilIdle(chatId);
  await slipway.send(chatId, "and now?");
  await idle;
  options.debug = undefined;
  return statements.filter(
    ({ text }) => !/workers|chat_search_|pg_catalog\.pg_type|^\s*(begin|commit)|chat_part_checkpoints \(/i.test(text),
  );
}

async function chatOfLength(rows: number): Promise<string> {
  const { chatId } = await slipway.create("the goal");
  await untilIdle(chatId);
  await sql`INSERT INTO chat_messages (chat_id, role, content, content_version, created_by)
    SELECT ${chatId}, CASE n % 2 WHEN 0 THEN 'assistant' ELSE 'user' END::chat_message_role,
      '[{"type":"text","text":"old"}]', 1, CASE n % 2 WHEN 1 THEN ${ownerId}::uuid END
    FROM generate_series(1, ${rows}::int) n`;
  await sql`INSERT INTO chat_messages (chat_id, role, visibility, compressed, content, content_version, replayed_message_ids)
    VALUES (${chatId}, 'user', 'model', true, '[{"type":"text","text":"so far"}]', 1, '{}')`;
  return chatId;
}

const short = await chatOfLength(10);
const long = await chatOfLength(10_000);
await sql`ANALYZE chat_messages`;

test("a turn behind a boundary asks the database as often, and for the same, in a chat of 10,000 rows as in one of 10", async () => {
  const texts = async (chatId: string) => (await turn(chatId)).map(({ text }) => text).sort();
  await turn(short);
  await turn(long);
  expect(await texts(long)).toEqual(await texts(short));
});

type Plan = {
  "Node Type": string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: Plan[];
};
const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

test("the prompt of a chat of 10,000 rows is read by indexes alone, and no row that the summary replaced", async () => {
  const statements = await turn(long);
  const prompt = statements.find(({ text }) => text.includes("replayed_message_ids"));
  const [row] = await sql.unsafe(`EXPLAIN (ANALYZE, FORMAT JSON) ${prompt?.text}`, prompt?.parameters as string[]);
  const [explained] = (row?.["QUERY PLAN"] ?? []) as { Plan: Plan }[];
  const plan = explained?.Plan as Plan;
  const scans = nodes(plan).filter(
    (node) => node["Node Type"].includes("Scan") && !/CTE|Subquery/.test(node["Node Type"]),
  );
  expect(scans.map((scan) => scan["Node Type"]).filter((type) => type === "Seq Scan")).toEqual([]);
  const read = scans.reduce(
    (sum, scan) => sum + (scan["Actual Rows"] + (scan["Rows Removed by Filter"] ?? 0)) * scan["Actual Loops"],
    0,
  );
  const { length } = await sql`SELECT 1 FROM chat_messages WHERE chat_id = ${long} AND id >= (
    SELECT max(id) FROM chat_messages WHERE chat_id = ${long} AND compressed)`;
  // The boundary itself is read twice: found, and fetched.
  expect(read).toBeLessThanOrEqual(length + 2);
});
