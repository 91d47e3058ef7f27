/** Costs as they go over the wire: integer micro-dollars. Loaded by browser and server. */
import { z } from "zod";

export const chatCostSchema = z.object({
  /** Of priced calls; what was not priced is counted beside it, never taken for free. */
  total_cost_micros: z.number().int(),
  /** Answers of the model, deleted ones included. */
  message_count: z.number().int(),
  unpriced_message_count: z.number().int(),
  /** Paid calls of every kind without a price, answers included. */
  unpriced_call_count: z.number().int(),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  cache_read_tokens: z.number().int(),
  cache_creation_tokens: z.number().int(),
});
export type ChatCost = z.infer<typeof chatCostSchema>;
