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

test("a git host needs what it says together, and every problem names its variable and no value", () => {
  const of = (values: Record<string, string>, n = 0) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`SLIPWAY_EXTERNAL_AUTH_${n}_${name}`, value]));
  const problem = (values: Record<string, string>) => () => parseEnv(of(values));
  expect(problem({ TOKEN: "t0ken" })).toThrow("SLIPWAY_EXTERNAL_AUTH_0_REGEX: is needed");
  expect(problem({ TOKEN: "t0ken", REGEX: "(" })).toThrow("SLIPWAY_EXTERNAL_AUTH_0_REGEX: is not a regular expression");
  expect(problem({ TYPE: "gitbucket" })).toThrow("SLIPWAY_EXTERNAL_AUTH_0_TYPE");
  expect(problem({ TYPE: "github", CLIENT_ID: "x" })).toThrow("SLIPWAY_EXTERNAL_AUTH_0_CLIENT_SECRET: is needed");
  expect(problem({ TYPE: "github", TOKN: "t0ken" })).toThrow("SLIPWAY_EXTERNAL_AUTH_0_TOKN: is not known");
  expect(problem({ TOKEN: "t0ken", REGEX: "(" })).not.toThrow("t0ken");
  expect(() => parseEnv({ ...of({ TYPE: "github" }), ...of({ TYPE: "github" }, 1) })).toThrow("AUTH_1_ID: is used");
});

test("GitLab and Forgejo have their own addresses, scopes and defaults", () => {
  const { externalAuth } = parseEnv({
    SLIPWAY_EXTERNAL_AUTH_0_TYPE: "gitlab",
    SLIPWAY_EXTERNAL_AUTH_0_CLIENT_ID: "id",
    SLIPWAY_EXTERNAL_AUTH_0_CLIENT_SECRET: "secret",
    SLIPWAY_EXTERNAL_AUTH_1_TYPE: "forgejo",
    SLIPWAY_EXTERNAL_AUTH_1_API_BASE_URL: "https://git.acme.test/forge/api/v1",
    SLIPWAY_EXTERNAL_AUTH_1_CLIENT_ID: "id",
    SLIPWAY_EXTERNAL_AUTH_1_CLIENT_SECRET: "secret",
  });
  expect(externalAuth).toMatchObject([
    {
      id: "gitlab",
      apiBaseUrl: "https://gitlab.com/api/v4",
      webUrl: "https://gitlab.com",
      oauth: {
        authUrl: "https://gitlab.com/oauth/authorize",
        tokenUrl: "https://gitlab.com/oauth/token",
        scopes: ["api", "write_repository"],
      },
    },
    {
      id: "forgejo",
      webUrl: "https://git.acme.test/forge",
      oauth: {
        authUrl: "https://git.acme.test/forge/login/oauth/authorize",
        tokenUrl: "https://git.acme.test/forge/login/oauth/access_token",
        scopes: [],
      },
    },
  ]);
});

test("a git host's addresses follow from its interface", () => {
  const { externalAuth } = parseEnv({
    SLIPWAY_EXTERNAL_AUTH_10_TYPE: "github",
    SLIPWAY_EXTERNAL_AUTH_2_ID: "acme",
    SLIPWAY_EXTERNAL_AUTH_2_TYPE: "github",
    SLIPWAY_EXTERNAL_AUTH_2_API_BASE_URL: "https://git.acme.test/api/v3/",
    SLIPWAY_EXTERNAL_AUTH_2_CLIENT_ID: "id",
    SLIPWAY_EXTERNAL_AUTH_2_CLIENT_SECRET: "secret",
    SLIPWAY_EXTERNAL_AUTH_2_SCOPES: "repo, read:org",
    SLIPWAY_EXTERNAL_AUTH_2_REGEX: "git\\.acme\\.test",
  });
  expect(externalAuth).toMatchObject([
    {
      id: "acme",
      apiBaseUrl: "https://git.acme.test/api/v3",
      webUrl: "https://git.acme.test",
      pattern: /git\.acme\.test/,
      oauth: {
        authUrl: "https://git.acme.test/login/oauth/authorize",
        tokenUrl: "https://git.acme.test/login/oauth/access_token",
        scopes: ["repo", "read:org"],
      },
    },
    { id: "github", apiBaseUrl: "https://api.github.com", webUrl: "https://github.com", oauth: null, token: null },
  ]);
});
