import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ChatCostTable } from "@/components/costs/chat-table";
import type { RootChatCost } from "@/lib/contract/costs";

const chats = Array.from(
  { length: 10 },
  (_, index) =>
    ({
      root_chat_id: `c${index}`,
      chat_title: `Chat ${index}`,
      status: null,
      archived: false,
      total_cost_micros: 1,
    }) as RootChatCost,
);
const draw = (chatCount: number, moreHref: string | null) =>
  renderToStaticMarkup(
    createElement(ChatCostTable, { chats, chatCount, moreHref, isOwn: false, exportHref: "/export" }),
  );

test("a table that ends before the last chat says where all are", () => {
  expect(draw(11, null)).toContain("10 of 11 chats; the CSV file has all");
  expect(draw(10, null)).toContain("10 of 10 chats</span>");
  expect(draw(11, "?chats=all")).toContain("8 of 11 chats</span>");
});
