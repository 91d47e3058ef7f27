import { z } from "zod";
import { deleteToken } from "@/db/queries/tokens";
import { getAccount } from "@/lib/auth/get-account";
import { notFound } from "@/lib/contract/errors";
import { userPathSchema } from "@/lib/contract/users";
import { route } from "@/lib/server/http";

export const DELETE = route(
  {
    access: "member",
    summary: "Revokes an API token.",
    params: z.object({ user: userPathSchema, token: z.uuid() }),
    status: 204,
  },
  async ({ db, actor, params }) => {
    const { id: userId } = await getAccount(db, { actor, user: params.user });
    if (!(await deleteToken(db, { userId, tokenId: params.token }))) throw notFound();
  },
);
