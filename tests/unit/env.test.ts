import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseEnv, VARIABLE_NAMES } from "@/lib/env";

const example = readFileSync(new URL("../../.env.example", import.meta.url), "utf8");
const assignments = [...example.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map(([, name, value]) => [name, value] as const);

test(".env.example names every variable, and no other", () => {
  const named = assignments
    .map(([name]) => name as string)
    .filter((name) => !name.startsWith("SLIPWAY_EXTERNAL_AUTH_"));
  expect(named.sort()).toEqual([...VARIABLE_NAMES].sort());
});

test("the defaults in .env.example are the defaults", () => {
  expect(parseEnv(Object.fromEntries(assignments))).toEqual(parseEnv({}));
});

test("an empty variable counts as unset", () => {
  expect(parseEnv({ PORT: "", DATABASE_URL: "" })).toEqual(parseEnv({}));
});

test("every bad variable is named in one line, never its value", () => {
  const bad = { PORT: "seven", SLIPWAY_SECRET_KEY: "hunter2", SLIPWAY_ADMIN_TOKEN: "short", SLIPWAY_ROLE: "web" };
  const parse = () => parseEnv(bad);
  expect(parse).toThrow(/^Bad environment: .*PORT.*SLIPWAY_SECRET_KEY.*SLIPWAY_ADMIN_TOKEN/);
  expect(parse).not.toThrow(/hunter2|seven|short\b/);
});

test("a role other than all needs a database of its own", () => {
  expect(() => parseEnv({ SLIPWAY_ROLE: "daemon" })).toThrow("daemon needs DATABASE_URL");
  expect(parseEnv({ SLIPWAY_ROLE: "daemon", DATABASE_URL: "postgres://localhost/x" }).SLIPWAY_ROLE).toBe("daemon");
});

test("a git token needs a valid expression for its remotes", () => {
  const token = { SLIPWAY_EXTERNAL_AUTH_0_TOKEN: "t" };
  expect(() => parseEnv(token)).toThrow("SLIPWAY_EXTERNAL_AUTH_0_REGEX: is needed");
  expect(() => parseEnv({ ...token, SLIPWAY_EXTERNAL_AUTH_0_REGEX: "(" })).toThrow("not a regular expression");
  const { gitTokens } = parseEnv({ ...token, SLIPWAY_EXTERNAL_AUTH_0_REGEX: "github\\.com/acme" });
  expect(gitTokens).toEqual([{ pattern: /github\.com\/acme/, token: "t" }]);
});
