import type { Metadata } from "next";
import { TokensSection } from "@/components/settings/tokens-section";
import { listTokens } from "@/db/queries/tokens";
import { getDatabase } from "@/lib/server/runtime";
import { requireViewer } from "../../viewer";

export const metadata: Metadata = { title: "API tokens" };

export default async function TokensPage() {
  const { user } = await requireViewer("/settings/tokens");
  return <TokensSection initial={await listTokens(getDatabase(), { userId: user.id })} />;
}
