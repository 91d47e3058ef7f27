/** An unexpected `console.error` fails the test that caused it. A test that expects one spies on it. */
import { afterEach, beforeEach } from "vitest";
import { log } from "@/lib/log";

log.setLevel("error");

const original = console.error;
let unexpected: unknown[][] = [];

beforeEach(() => {
  unexpected = [];
  console.error = (...args: unknown[]) => {
    unexpected.push(args);
    original(...args);
  };
});

afterEach(() => {
  console.error = original;
  if (unexpected.length > 0) throw new Error(`Unexpected console.error: ${unexpected.flat().map(String).join(" ")}`);
});
