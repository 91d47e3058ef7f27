import type { Metadata } from "next";
import { z } from "zod";
import { GitAccounts } from "@/components/settings/git-accounts";
import { listExternalAuth } from "@/lib/external-auth/links";
import { listKeys } from "@/lib/external-auth/ssh-keys";
import { getDatabase, getRuntime } from "@/lib/server/runtime";
import { requireViewer } from "../../viewer";

export const metadata: Metadata = { title: "Git accounts" };

/** How linking by OAuth ended. */
const outcome = z.object({
  linked: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
});

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function GitAccountsPage({ searchParams }: Props) {
  const { user } = await requireViewer("/settings/git");
  const { error } = outcome.parse(await searchParams);
  const parts = { ...getRuntime(), db: getDatabase() };
  const [hosts, keys] = await Promise.all([
    listExternalAuth(parts, { userId: user.id }),
    listKeys(parts, { userId: user.id }),
  ]);
  return <GitAccounts initial={hosts} keys={keys} failure={error ?? null} />;
}
