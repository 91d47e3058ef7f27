import { z } from "zod";
import { listAdministeredWorkspaces } from "@/db/queries/administered-workspaces";
import { integerText } from "@/lib/contract/chat-queries";
import { administeredWorkspaceSchema } from "@/lib/contract/workspaces";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "admin",
    summary: "Lists everybody's workspaces, newest first: owner, state and use, never content.",
    query: z.strictObject({
      limit: integerText({ min: 1, max: 200 }).default(100),
      offset: integerText({ min: 0, max: 1_000_000 }).default(0),
    }),
    response: z.array(administeredWorkspaceSchema),
  },
  ({ db, query }) => listAdministeredWorkspaces(db, query),
);
