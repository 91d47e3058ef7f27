import { z } from "zod";
import { insertToken, listTokens, MAX_TOKENS_PER_USER } from "@/db/queries/tokens";
import { getAccount } from "@/lib/auth/get-account";
import { ApiError } from "@/lib/contract/errors";
import { createdTokenSchema, createTokenSchema, tokenSchema, userPathSchema } from "@/lib/contract/users";
import { newId, newSecret, sha256 } from "@/lib/ids";
import { route } from "@/lib/server/http";

const params = z.object({ user: userPathSchema });

export const GET = route(
  { access: "member", summary: "Lists a person's API tokens, newest first.", params, response: z.array(tokenSchema) },
  async ({ db, actor, params }) => {
    const { id } = await getAccount(db, { actor, user: params.user });
    return listTokens(db, { userId: id });
  },
);

export const POST = route(
  {
    access: "member",
    summary: "Creates an API token; the answer is the only place that shows it.",
    params,
    body: createTokenSchema,
    response: createdTokenSchema,
    status: 201,
  },
  async ({ db, actor, params, body }) => {
    const { id: userId } = await getAccount(db, { actor, user: params.user });
    const token = newSecret("slp_");
    const created = await insertToken(db, {
      id: newId(),
      userId,
      name: body.name,
      tokenHash: sha256(token),
      scopes: body.scopes ?? null,
      expiresInDays: body.expires_in_days ?? null,
    });
    if (!created) {
      throw new ApiError("conflict", `There are ${MAX_TOKENS_PER_USER} API tokens, the most possible. Delete one.`);
    }
    return { ...created, token };
  },
);
