import type { Sql } from "postgres";
import { expect, test } from "vitest";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import { createAcquirer } from "@/lib/daemon/acquirer";
import { createPubSub } from "@/lib/pubsub";

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test("a run's end claims what had found no room, and asks for nothing else", async () => {
  const pending = ["a", "b", "c"];
  const started: string[] = [];
  let asked = 0;
  let room = 2;
  const sql = (async (_: TemplateStringsArray, _workerId: string, limit: number) => {
    asked += 1;
    return pending.splice(0, limit).map((chatId) => ({ chatId }) as AcquiredRun);
  }) as unknown as Sql;
  const acquire = createAcquirer({
    writer: { sql, pubsub: createPubSub() },
    limit: () => room,
    workerId: () => "worker",
    start: ({ chatId }) => {
      room -= 1;
      started.push(chatId);
    },
    onAnswer: () => {},
  });
  const endRun = async () => {
    room += 1;
    acquire.onRoom();
    await settled();
  };

  acquire();
  await settled();
  expect(started).toEqual(["a", "b"]);
  expect(acquire.isWanted()).toBe(true);
  await endRun();
  expect(started).toEqual(["a", "b", "c"]);
  await endRun();
  await endRun();
  expect(acquire.isWanted()).toBe(false);
  const before = asked;
  await endRun();
  expect(asked).toBe(before);
});
