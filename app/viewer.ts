import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { hasUsers } from "@/db/queries/users";
import { findSessionViewer, sessionCookieName, type Viewer } from "@/lib/auth/session";
import { getDatabase, getRuntime } from "@/lib/server/runtime";

/** Who looks at the page, from the session cookie; null for a stranger. Read once per request. */
export const findViewer = cache(async (): Promise<Viewer | null> => {
  const jar = await cookies();
  const cookie = jar.get(sessionCookieName(getRuntime().accessUrl))?.value;
  return findSessionViewer({ db: getDatabase(), cookie });
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
