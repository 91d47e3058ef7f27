import { webhookAnswerSchema } from "@/lib/contract/git";
import { acceptDelivery, type Delivery, MAX_DELIVERY_BYTES } from "@/lib/gitsync/webhook";
import { readBytes, route } from "@/lib/server/http";

/** A route that takes deliveries of one kind of host. */
export const webhook = (type: Delivery["type"], summary: string) =>
  route({ access: "public", summary, response: webhookAnswerSchema, status: 202 }, async ({ runtime, request }) =>
    acceptDelivery(runtime, {
      type,
      body: Buffer.from(await readBytes(request, MAX_DELIVERY_BYTES)),
      headers: request.headers,
    }),
  );
