import { z } from "zod";
import { checkHealth } from "@/lib/health";
import { route } from "@/lib/server/http";

const response = z.object({
  status: z.enum(["ok", "failing"]),
  version: z.string(),
  database: z.string(),
  daemon: z.string(),
});

export const GET = route(
  { access: "public", summary: "Says whether this process can do its work; 503 names the part that failed.", response },
  async ({ runtime, db }) => {
    const health = await checkHealth(runtime, db);
    return Response.json(health, { status: health.status === "ok" ? 200 : 503 });
  },
);
