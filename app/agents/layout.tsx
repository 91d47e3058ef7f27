import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { AgentsFrame } from "@/components/agents-sidebar/agents-frame";
import {
  parseClosedSections,
  parseSidebarTaste,
  SECTIONS_COOKIE,
  SIDEBAR_COOKIE,
} from "@/components/agents-sidebar/sidebar-cookie";
import { PANEL_COOKIE, parsePanelTaste } from "@/components/right-panel/panel-layout";
import { listChats } from "@/db/queries/chats";
import { listModelConfigs } from "@/db/queries/model-configs";
import { getDatabase, getRuntime } from "@/lib/server/runtime";
import { requireViewer } from "../viewer";

/** As many as one page of the list: `components/agents-sidebar/use-chat-list.ts`. */
const FIRST_PAGE_SIZE = 50;

export default async function AgentsLayout({ children }: { children: ReactNode }) {
  const { user } = await requireViewer("/agents");
  const db = getDatabase();
  // Before the list is read: what changes after this place comes as an event.
  const listCursor = getRuntime().streams.listCursor(user.id);
  const [jar, chats, models] = await Promise.all([
    cookies(),
    listChats(db, { ownerId: user.id, limit: FIRST_PAGE_SIZE, archived: false }),
    listModelConfigs(db),
  ]);
  return (
    <AgentsFrame
      user={user}
      build={getRuntime().build}
      firstPage={{ chats, listCursor }}
      modelNames={Object.fromEntries(models.map((model) => [model.id, model.display_name]))}
      sidebar={parseSidebarTaste(jar.get(SIDEBAR_COOKIE)?.value)}
      panel={parsePanelTaste(jar.get(PANEL_COOKIE)?.value)}
      startsClosed={parseClosedSections(jar.get(SECTIONS_COOKIE)?.value)}
    >
      {children}
    </AgentsFrame>
  );
}
