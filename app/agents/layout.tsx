import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { AgentsFrame } from "@/components/agents-sidebar/agents-frame";
import { SIDEBAR_COOKIE, SIDEBAR_HIDDEN } from "@/components/agents-sidebar/sidebar-cookie";
import { listChats } from "@/db/queries/chats";
import { getDatabase } from "@/lib/server/runtime";
import { requireViewer } from "../viewer";

/** As many as one page of the list: `components/agents-sidebar/use-chat-list.ts`. */
const FIRST_PAGE_SIZE = 50;

export default async function AgentsLayout({ children }: { children: ReactNode }) {
  const { user } = await requireViewer("/agents");
  const [jar, chats] = await Promise.all([
    cookies(),
    listChats(getDatabase(), { ownerId: user.id, limit: FIRST_PAGE_SIZE, archived: false }),
  ]);
  return (
    <AgentsFrame
      user={user}
      firstPage={{ chats, listCursor: null }}
      modelNames={{}}
      startsHidden={jar.get(SIDEBAR_COOKIE)?.value === SIDEBAR_HIDDEN}
    >
      {children}
    </AgentsFrame>
  );
}
