/** Deliveries of webhooks that were accepted. */
import type { SqlExecutor } from "@/db/client";

/** False when this delivery was here before. Forgets those of more than a week ago, which hosts do not send again. */
export async function insertWebhookDelivery(
  sql: SqlExecutor,
  { providerId, deliveryId, event }: { providerId: string; deliveryId: string; event: string },
): Promise<boolean> {
  await sql`DELETE FROM git_webhook_deliveries WHERE created_at < now() - interval '7 days'`;
  const { count } = await sql`
    INSERT INTO git_webhook_deliveries (provider_id, delivery_id, event)
    VALUES (${providerId}, ${deliveryId}, ${event}) ON CONFLICT DO NOTHING`;
  return count > 0;
}
