/** The engine under load: latencies on the way to and from the model, fan-out, long chats, many turns, and memory. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSql } from "@/db/connect";
import { startEmbeddedPostgres } from "@/db/embedded";
import { toDatabaseUrl } from "../../../support/database";
import { ADMINISTRATOR, startProduct } from "../../../support/product";
import { type Client, createClient } from "../../client";
import { collectGarbage, INSPECTABLE } from "../../heap";
import { findServer, residentMb } from "../../processes";
import type { Row } from "../../stats";
import { measureLongChat } from "./long-chat";
import { measureManyTurns } from "./many-turns";
import { measureParallelCalls } from "./parallel-calls";
import { measureRunningMemory } from "./running-memory";
import { measureSubscribers } from "./subscribers";
import { measureWayFromModel } from "./way-from-model";
import { measureWayToModel } from "./way-to-model";

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
