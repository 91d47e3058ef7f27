import { authenticate } from "@/lib/auth/authenticate";
import { ApiError } from "@/lib/contract/errors";
import { formatMetrics } from "@/lib/health";
import { isLoopbackPeer } from "@/lib/peer";
import { route } from "@/lib/server/http";

export const GET = route(
  { access: "public", summary: "Metrics as Prometheus text, for administrators and for this machine." },
  async ({ request, runtime, db }) => {
    if (!isLoopbackPeer(request)) {
      const actor = await authenticate(request, { db, accessUrl: runtime.accessUrl });
      if (actor.role !== "admin") throw new ApiError("forbidden", "Only an administrator may do this.");
    }
    const text = await formatMetrics(runtime, db);
    return new Response(text, { headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" } });
  },
);
