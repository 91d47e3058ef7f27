import { readInterruptedResult } from "@/lib/contract/interrupted-call";
import type { ToolCall } from "./tool-call";

/** What became of a command. Whether one that failed began at all is in the reason below it. */
export function executeVerb(call: Pick<ToolCall, "state" | "result">, isBackground: boolean): string {
  if (call.state === "running") return "Running";
  if (call.state === "failed") return readInterruptedResult(call.result) ? "Stopped" : "Failed";
  return isBackground ? "Started" : "Ran";
}
