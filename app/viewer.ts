import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { findUser, hasUsers } from "@/db/queries/users";
import type { Actor } from "@/lib/auth/actor";
import { findSessionActor, sessionCookieName } from "@/lib/auth/session";
import type { User } from "@/lib/contract/users";
import { getDatabase, getRuntime } from "@/lib/server/runtime";

export type Viewer = { actor: Actor; user: User };

/** Who looks at the page, from the session cookie; null for a stranger. Read once per request. */
export const findViewer = cache(async (): Promise<Viewer | null> => {
  const jar = await cookies();
  const db = getDatabase();
  const cookie = jar.get(sessionCookieName(getRuntime().accessUrl))?.value;
  const actor = await findSessionActor({ db, cookie });
  const user = actor && (await findUser(db, { userId: actor.userId }));
  return actor && user ? { actor, user } : null;
});

/** The person, or the way to become one: sign in, then back to `next`; set up first when nobody exists. */
export async function requireViewer(next: string): Promise<Viewer> {
  const viewer = await findViewer();
  if (viewer) return viewer;
  if (!(await hasUsers(getDatabase()))) redirect("/");
  redirect(`/sign-in?next=${encodeURIComponent(next)}`);
}

/** As `requireViewer`, for administrators; members are sent to their agents. */
export async function requireAdmin(next: string): Promise<Viewer> {
  const viewer = await requireViewer(next);
  if (viewer.user.role !== "admin") redirect("/agents");
  return viewer;
}
