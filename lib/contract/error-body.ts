/** The body of every failed answer as a schema, for the OpenAPI document and for tests. */
import { z } from "zod";
import { ERROR_STATUS, type ErrorCode } from "./errors";

/** Facts that belong to the failure (`spent_micros`, for one) stand beside `code`. */
export const errorBodySchema = z.looseObject({
  code: z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  request_id: z.string(),
  validations: z.array(z.object({ field: z.string(), detail: z.string() })),
});
