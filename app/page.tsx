import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthPage } from "@/components/auth/auth-page";
import { hasUsers } from "@/db/queries/users";
import { getDatabase } from "@/lib/server/runtime";
import { findViewer } from "./viewer";

export const metadata: Metadata = { title: "Set up" };

export default async function HomePage() {
  if (await findViewer()) redirect("/agents");
  if (await hasUsers(getDatabase())) redirect("/sign-in");
  return (
    <AuthPage title="Set up Slipway">
      <p className="text-ink-2">
        Nobody has an account here yet. The server printed a one-time setup link when it started: open it to create the
        administrator.
      </p>
      <p className="mt-3 text-ink-3 text-sm">
        The link works for 30 minutes. Restart the server to get a new one, or set{" "}
        <code className="text-ink-2">SLIPWAY_ADMIN_EMAIL</code> and{" "}
        <code className="text-ink-2">SLIPWAY_ADMIN_PASSWORD</code>.
      </p>
    </AuthPage>
  );
}
