/** Six hundred chats at once: whether a turn fails, and what is held afterwards. */
import { residentMb } from "../../processes";
import { type Row, row } from "../../stats";
import { type Engine, isVersionAfter, openChat } from "./open-chat";

const MANY_CHATS = 600;
const TURNS_EACH = 10;

/**
 * 6,000 turns of 600 chats at once; none may fail, and the memory afterwards is that before. Garbage is collected for
 * both: how much of it lies about is the collector's choice, and says nothing of what is kept.
 */
export async function measureManyTurns({ client, serverPid, heldMb }: Engine): Promise<Row[]> {
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
