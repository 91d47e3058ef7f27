import { formatDuration } from "@/lib/format";

/** A duration to the second, `14 s`, for what ticks or was not measured finely. */
export const formatSeconds = (durationMs: number): string =>
  formatDuration(Math.floor(Math.max(0, durationMs) / 1000) * 1000).replace(".0 s", " s");
