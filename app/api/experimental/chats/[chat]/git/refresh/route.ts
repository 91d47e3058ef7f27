import { chatPathSchema } from "@/lib/contract/chat-queries";
import { gitChangesSchema } from "@/lib/contract/working-tree";
import { observe, pokeViewers, wholeChanges } from "@/lib/repositories/changes";
import { getPlace } from "@/lib/repositories/parts";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Looks at the repositories of the chat's workspace now; whoever streams them sees it too.",
    params: chatPathSchema,
    response: gitChangesSchema,
  },
  async ({ request, runtime, db, actor, params }) => {
    const parts = { ...runtime, db };
    const target = { chatId: params.chat, ownerId: actor.userId };
    pokeViewers(parts, await getPlace(parts, target));
    return wholeChanges(await observe(parts, { ...target, signal: request.signal }));
  },
);
