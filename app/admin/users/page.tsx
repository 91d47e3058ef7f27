import type { Metadata } from "next";
import { z } from "zod";
import { UsersPage } from "@/components/admin/users/users-page";
import { listUsers } from "@/db/queries/users";
import { getDatabase } from "@/lib/server/runtime";
import { requireAdmin } from "../../viewer";

export const metadata: Metadata = { title: "Users" };

/** As many as the browser asks for: `components/admin/users/use-user-admin.ts`. */
const FIRST_PAGE_SIZE = 100;

const searchSchema = z.object({ q: z.string().trim().max(100).catch("") });

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function AdminUsersPage({ searchParams }: Props) {
  const { user } = await requireAdmin("/admin/users");
  const { q } = searchSchema.parse(await searchParams);
  const users = await listUsers(getDatabase(), { limit: FIRST_PAGE_SIZE, offset: 0, q });
  return <UsersPage initial={users} initialSearch={q} viewerId={user.id} />;
}
