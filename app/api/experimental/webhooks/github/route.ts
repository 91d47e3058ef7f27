import { ApiError } from "@/lib/contract/errors";
import { webhookAnswerSchema } from "@/lib/contract/git";
import { acceptDelivery, MAX_DELIVERY_BYTES } from "@/lib/gitsync/webhook";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "public",
    summary: "Takes a delivery of GitHub's webhooks, signed with a configured secret, as a hint to read again.",
    response: webhookAnswerSchema,
    status: 202,
  },
  async ({ runtime, request }) =>
    acceptDelivery(runtime, {
      body: await readBytes(request),
      signature: request.headers.get("x-hub-signature-256"),
      event: request.headers.get("x-github-event") ?? "",
      deliveryId: request.headers.get("x-github-delivery"),
    }),
);

async function readBytes(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_DELIVERY_BYTES) throw new ApiError("too_large", "The delivery is larger than 25 MiB.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
