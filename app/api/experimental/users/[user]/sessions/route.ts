import { z } from "zod";
import { deleteSessions, listSessions } from "@/db/queries/sessions";
import { getAccount } from "@/lib/auth/get-account";
import { sessionSchema, type UserSession, userPathSchema } from "@/lib/contract/users";
import { route } from "@/lib/server/http";

const params = z.object({ user: userPathSchema });

export const GET = route(
  {
    access: "member",
    summary: "Lists the browsers a person is signed in with.",
    params,
    response: z.array(sessionSchema),
  },
  async ({ db, actor, params }): Promise<UserSession[]> => {
    const { id: userId } = await getAccount(db, { actor, user: params.user });
    const sessions = await listSessions(db, { userId });
    return sessions.map((session) => ({
      id: session.id,
      user_agent: session.userAgent,
      created_at: session.createdAt,
      last_seen_at: session.lastSeenAt,
      expires_at: session.expiresAt,
      current: session.id === actor.credentialId,
    }));
  },
);

export const DELETE = route(
  {
    access: "member",
    summary: "Signs a person out everywhere; `keep=current` spares the browser that asks.",
    params,
    query: z.strictObject({ keep: z.literal("current").optional() }),
    status: 204,
  },
  async ({ db, actor, params, query }) => {
    const { id: userId } = await getAccount(db, { actor, user: params.user });
    await deleteSessions(db, { userId, exceptId: query.keep === "current" ? actor.credentialId : undefined });
  },
);
