/** The time between a person's POST and the request's arrival at the provider. */
import { isPart } from "../../client";
import { machineClock } from "../../clock";
import { stampsOf } from "../../stamped-model";
import { median, type Row, row } from "../../stats";
import { type Engine, isVersionAfter, openChat } from "./open-chat";

/** Of a chat of its own, before the clock runs: a server in service has its hot code compiled. */
const WARM_TURNS = 100;
const WAY_TURNS = 200;

export async function measureWayToModel(engine: Engine): Promise<Row[]> {
  await timesToModel(engine, WARM_TURNS);
  const times = await timesToModel(engine, WAY_TURNS);
  return [row("POST message → request at the provider, p50", median(times), "ms", 10)];
}

async function timesToModel({ client, stampedModelId }: Engine, turns: number): Promise<number[]> {
  const { chat, stream } = await openChat(client, { content: "stamp 1x0", model_config_id: stampedModelId });
  const times: number[] = [];
  let version = 0;
  for (let turn = 0; turn < turns; turn++) {
    const start = machineClock();
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
