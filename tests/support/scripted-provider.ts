/** The model server as a provider of the running product. */
import type { createAdministrator } from "./sign-in";

/** Adds it with one model, which becomes the default where there is none. `url` is the server's. */
export async function addScriptedModel(call: ReturnType<typeof createAdministrator>, url: string): Promise<void> {
  const provider = await call<{ id: string }>("POST", "/chats/providers", {
    provider: "openai-compat",
    base_url: `${url}/v1`,
  });
  await call("POST", "/chats/model-configs", { provider_id: provider.id, model: "scripted" });
}
