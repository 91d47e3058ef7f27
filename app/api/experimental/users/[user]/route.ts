import { z } from "zod";
import { changeUser } from "@/lib/auth/change-user";
import { deleteUser } from "@/lib/auth/delete-user";
import { getAccount } from "@/lib/auth/get-account";
import { sessionCookie } from "@/lib/auth/session";
import { patchUserSchema, userPathSchema, userSchema } from "@/lib/contract/users";
import { route } from "@/lib/server/http";

const params = z.object({ user: userPathSchema });

export const GET = route(
  {
    access: "member",
    summary: "Reads an account: one's own, or anybody's as administrator.",
    params,
    response: userSchema,
  },
  async ({ db, actor, params }) => getAccount(db, { actor, user: params.user }),
);

export const PATCH = route(
  {
    access: "member",
    summary: "Changes an account: name and password of one's own, everything as administrator.",
    params,
    body: patchUserSchema,
    response: userSchema,
  },
  async ({ runtime, db, actor, params, body }) => {
    const userId = params.user === "me" ? actor.userId : params.user;
    const { user, session } = await changeUser({ db, actor, userId, changes: body });
    if (!session) return user;
    const cookie = sessionCookie({ accessUrl: runtime.accessUrl, value: session });
    return Response.json(user, { headers: { "set-cookie": cookie } });
  },
);

export const DELETE = route(
  {
    access: "admin",
    summary:
      "Deletes an account for good, with its sessions, tokens and linked accounts. Its agents are stopped and archived; what they cost stays.",
    params,
    status: 204,
  },
  async ({ runtime, db, actor, params, request }) => {
    const userId = params.user === "me" ? actor.userId : params.user;
    await deleteUser({ ...runtime, db }, { actor, userId, signal: request.signal });
  },
);
