/** Durations as models write them. Pure. */
import { z } from "zod";

const DURATION = /^\d+(\.\d+)?(ms|s|m|h)?$/;

/** `"30s"`, `"5m"`, `"1h"` or seconds as a number; becomes text with a unit. */
export const durationSchema = z
  .union([z.string().trim().regex(DURATION, 'A duration such as "30s", "5m" or "1h".'), z.number().positive()])
  .transform((value) => (/[a-z]$/.test(String(value)) ? String(value) : `${value}s`));
