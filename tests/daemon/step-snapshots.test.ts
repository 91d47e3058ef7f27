import { expect, test } from "vitest";
import type { DropSnapshots, WorkspaceConnection } from "@/lib/contract/workspace-agent";
import { createStepSnapshots } from "@/lib/daemon/step-snapshots";
import { newId } from "@/lib/ids";
import { createTestDatabase } from "../support/database";
import { insertChat, insertUser } from "../support/rows";

const { sql } = await createTestDatabase();
const KEPT = 300;

test("a chat keeps its newest 300 snapshots, and its workspace drops the older ones and those of chats that left it", async () => {
  const ownerId = await insertUser(sql);
  const [template, workspaceId] = [newId(), newId()];
  await sql`INSERT INTO templates (id, name) VALUES (${template}, 'Local')`;
  await sql`INSERT INTO workspaces (id, name, owner_id, template_id) VALUES (${workspaceId}, 'w', ${ownerId}, ${template})`;
  const chatId = await insertChat(sql, { ownerId });
  await sql`UPDATE chats SET workspace_id = ${workspaceId} WHERE id = ${chatId}`;
  await insertChat(sql, { ownerId });
  await sql`
    INSERT INTO chat_snapshots (chat_id, message_id, workspace_id, commit_id)
    SELECT ${chatId}, n, ${workspaceId}, 'old' FROM generate_series(1, ${KEPT}::int) n`;
  const drops: DropSnapshots[] = [];
  let taken = 0;
  const connection = {
    async call({ tool, args }: { tool: string; args: unknown }) {
      if (tool === "drop_snapshots") drops.push(args as DropSnapshots);
      else taken += 1;
      return { result: tool === "drop_snapshots" ? { dropped: 0 } : { commitId: `new ${taken}` }, is_error: false };
    },
  } as unknown as WorkspaceConnection;
  const snapshots = createStepSnapshots({ sql, chatId, find: async () => ({ workspaceId, connection }) });
  const call = { type: "tool-call" as const, tool_call_id: "1", tool_name: "execute", args: {} };
  snapshots.begin([call], { messageId: KEPT, resultsId: 0 });
  for (let step = 1; step <= 50; step += 1) snapshots.take(KEPT + step);
  await snapshots.settle();
  const rows =
    await sql`SELECT message_id::int AS id FROM chat_snapshots WHERE chat_id = ${chatId} ORDER BY message_id`;
  expect([rows.length, rows[0]?.id, rows.at(-1)?.id]).toEqual([KEPT, 51, 350]);
  expect(drops).toHaveLength(1);
  expect(drops[0]?.keptChats).toEqual([chatId]);
  expect(new Set(drops[0]?.dropped.map(({ key }) => key))).toEqual(
    new Set(Array.from({ length: 50 }, (_, n) => `${n + 1}`)),
  );
});
