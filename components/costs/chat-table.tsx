import { Download } from "lucide-react";
import type { RootChatCost } from "@/lib/contract/costs";
import { formatCount } from "@/lib/format";
import { ChatIcon, chatIconLook } from "../agents-sidebar/chat-icon";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Link } from "../ui/link";
import { Table, TableCell, TableHead, TableRow } from "../ui/table";
import { CostFigure } from "./figures";
import { FigureCells, FigureHeads } from "./model-table";

/** As many as are worth a look; the others are one click away. */
export const SHOWN_CHATS = 8;

type ChatCostTableProps = {
  chats: readonly RootChatCost[];
  chatCount: number;
  /** Only one's own chats can be opened. */
  isOwn: boolean;
  /** Null: all are shown. */
  moreHref: string | null;
  exportHref: string;
};

/** What each root chat cost with its subagents, dearest first. */
export function ChatCostTable({ chats, chatCount, isOwn, moreHref, exportHref }: ChatCostTableProps) {
  const shown = moreHref ? chats.slice(0, SHOWN_CHATS) : chats;
  return (
    <section aria-labelledby="by-chat">
      <div className="mb-2 flex flex-wrap items-center gap-x-2">
        <h2 id="by-chat" className="font-semibold text-ink">
          By chat
        </h2>
        <span className="mr-auto text-ink-3 text-sm">Subagents are counted in their root chat</span>
        <Button asChild variant="ghost">
          <a href={exportHref} download>
            <Download aria-hidden />
            Export CSV
          </a>
        </Button>
      </div>
      <Table label="Cost by chat">
        <thead>
          <tr>
            <TableHead>Chat</TableHead>
            <TableHead numeric aria-sort="descending" className="text-ink">
              Cost
            </TableHead>
            <FigureHeads />
          </tr>
        </thead>
        <tbody>
          {shown.map((chat) => (
            <TableRow key={chat.root_chat_id}>
              <TableCell className="w-2/5 max-w-0 max-sm:w-full">
                <span className="flex min-w-0 items-center gap-2">
                  {chat.status ? (
                    <span className="flex shrink-0">
                      <ChatIcon look={chatIconLook({ status: chat.status, diff_status: chat })} />
                    </span>
                  ) : null}
                  <ChatName chat={chat} isOwn={isOwn} />
                  {chat.archived ? <Badge>Archived</Badge> : null}
                </span>
              </TableCell>
              <TableCell numeric>
                <CostFigure cost={chat} />
              </TableCell>
              <FigureCells row={chat} />
            </TableRow>
          ))}
        </tbody>
      </Table>
      <div className="mt-2 flex min-h-7 items-center justify-between px-1 text-ink-3 text-sm">
        <span>
          {formatCount(shown.length)} of {formatCount(chatCount)} chats
          {!moreHref && chatCount > shown.length ? "; the CSV file has all" : null}
        </span>
        {moreHref && chatCount > SHOWN_CHATS ? (
          <Button asChild variant="ghost">
            <Link href={moreHref} scroll={false}>
              Show more
            </Link>
          </Button>
        ) : null}
      </div>
    </section>
  );
}

function ChatName({ chat, isOwn }: { chat: RootChatCost; isOwn: boolean }) {
  const title = chat.chat_title || <em>Untitled</em>;
  if (!isOwn || chat.status === null) return <span className="truncate">{title}</span>;
  return (
    <Link href={`/agents/${chat.root_chat_id}`} className="truncate rounded-xs hover:underline">
      {title}
    </Link>
  );
}
