import { z } from "zod";
import { deleteSession } from "@/db/queries/sessions";
import { getAccount } from "@/lib/auth/get-account";
import { notFound } from "@/lib/contract/errors";
import { userPathSchema } from "@/lib/contract/users";
import { route } from "@/lib/server/http";

export const DELETE = route(
  {
    access: "member",
    summary: "Signs a person out of one browser.",
    params: z.object({ user: userPathSchema, session: z.uuid() }),
    status: 204,
  },
  async ({ db, actor, params }) => {
    const { id: userId } = await getAccount(db, { actor, user: params.user });
    if (!(await deleteSession(db, { userId, sessionId: params.session }))) throw notFound();
  },
);
