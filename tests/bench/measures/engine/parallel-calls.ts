/** Eight commands of one step beside one. */
import { isIdle, isMessage } from "../../client";
import { median, type Row, row } from "../../stats";
import { type Engine, openChat } from "./open-chat";

export async function measureParallelCalls({ client }: Engine): Promise<Row[]> {
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
