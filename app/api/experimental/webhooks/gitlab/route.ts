import { webhookAnswerSchema } from "@/lib/contract/git";
import { acceptDelivery, MAX_DELIVERY_BYTES } from "@/lib/gitsync/webhook";
import { readBytes, route } from "@/lib/server/http";

export const POST = route(
  {
    access: "public",
    summary: "Takes a delivery of GitLab's webhooks, with a configured secret as its token, as a hint to read again.",
    response: webhookAnswerSchema,
    status: 202,
  },
  async ({ runtime, request }) =>
    acceptDelivery(runtime, {
      type: "gitlab",
      body: Buffer.from(await readBytes(request, MAX_DELIVERY_BYTES)),
      headers: request.headers,
    }),
);
