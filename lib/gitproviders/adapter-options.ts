/** What every adapter is made of. Types only. */
import type { Clock } from "@/lib/clock";
import type { ResponseCache } from "./response-cache";

export type AdapterOptions = {
  apiBaseUrl: string;
  webUrl: string;
  clock: Clock;
  cache: ResponseCache;
  /** The platform's when absent. */
  fetch?: typeof fetch;
  deadlineMs?: number;
};
