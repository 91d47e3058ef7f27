import { expect, test } from "vitest";
import { optionalDurationMs } from "@/lib/workspaces/agent/arguments";
import { withoutTrailingAmpersand } from "@/lib/workspaces/agent/execute";
import { decodePiece } from "@/lib/workspaces/agent/text";
import { encodeRefusedPush, parsePushCommands } from "@/lib/workspaces/pkt-line";
import { parseRepository } from "@/lib/workspaces/repository";

test.each([
  ["server &", "server"],
  ["a; b &  ", "a; b"],
  ["a & b &", "a & b"],
  ["a && b", undefined],
  ["a &&", undefined],
  ["a |&", undefined],
  ["echo \\&", undefined],
  ["echo 2>&1", undefined],
  ["plain", undefined],
])("%s runs in the background as %s", (command, expected) => {
  expect(withoutTrailingAmpersand(command)).toBe(expected);
});

test("durations have units and an end", () => {
  expect(["30s", "500ms", "5m", 2, "1.5"].map((timeout) => optionalDurationMs({ timeout }, "timeout"))).toEqual([
    30_000, 500, 300_000, 2_000, 1_500,
  ]);
  expect(optionalDurationMs({ timeout: "9h" }, "timeout")).toBe(4 * 3_600_000);
  for (const timeout of ["0", "-1s", "soon", true, {}]) {
    expect(() => optionalDurationMs({ timeout }, "timeout"), String(timeout)).toThrow("duration above zero");
  }
});

test("a piece of text loses only the characters that were cut", () => {
  const bytes = Buffer.from("aé€😀");
  for (let end = 0; end <= bytes.length; end += 1) {
    expect(decodePiece(bytes.subarray(0, end), { start: false, end: true })).not.toContain("\uFFFD");
    expect(decodePiece(bytes.subarray(end), { start: true, end: false })).not.toContain("\uFFFD");
  }
});

test("push commands are read up to the flush, and a refusal names every ref", () => {
  const zero = "0".repeat(40);
  const line = (text: string) => (text.length + 4).toString(16).padStart(4, "0") + text;
  const bytes = Buffer.from(
    `${line(`${zero} ${"a".repeat(40)} refs/heads/a\0 report-status side-band-64k`)}${line(`${zero} ${"b".repeat(40)} refs/tags/b`)}0000PACK`,
  );
  const commands = parsePushCommands(bytes)!;
  expect(commands.updates.map((update) => update.ref)).toEqual(["refs/heads/a", "refs/tags/b"]);
  expect(encodeRefusedPush(commands, () => "no").toString()).toContain("ng refs/tags/b no\n");
  for (let end = 0; end < bytes.length - 8; end += 7) expect(parsePushCommands(bytes.subarray(0, end))).toBeUndefined();
  expect(parsePushCommands(Buffer.from("0000"))).toEqual({ updates: [], capabilities: [] });
  expect(() => parsePushCommands(Buffer.from("zzzzxxxx"))).toThrow("not a pkt-line");
});

test("repository addresses become a name", () => {
  expect(parseRepository("https://github.com/acme/My.App.git", { trusted: false })).toMatchObject({ name: "My-App" });
  expect(parseRepository("file:///srv/lib.git/", { trusted: true })).toEqual({
    kind: "file",
    path: "/srv/lib.git",
    name: "lib",
  });
  for (const address of ["https://github.com", "file:///", "file://host/x", "nonsense", "ftp://a/b"]) {
    expect(() => parseRepository(address, { trusted: true }), address).toThrow("cannot be used");
  }
});

test.each([
  ["git@github.com:acme/app.git", "https://github.com/acme/app.git"],
  ["github.com:acme/app", "https://github.com/acme/app"],
  ["ssh://git@github.com/acme/app.git", "https://github.com/acme/app.git"],
  ["ssh://git@git.acme.test:2222/tools/lamps/app.git", "https://forge.acme.test:8443/tools/lamps/app.git"],
])("the ssh remote %s is the repository %s", (remote, web) => {
  const webUrlOf = (given: string) => (given.includes("git.acme.test") ? "https://forge.acme.test:8443" : undefined);
  const repository = parseRepository(remote, { trusted: false, webUrlOf });
  expect(repository).toMatchObject({ kind: "http", remote, name: "app" });
  expect(repository.kind === "http" && repository.url.href).toBe(web);
});

test.each(["ssh://git:secret@host.example/acme/app", "git@:acme/app", "git@host.example:", "ssh:///acme/app"])(
  "%s is no remote",
  (remote) => {
    expect(() => parseRepository(remote, { trusted: false })).toThrow("cannot be used");
  },
);

test("a member's ssh remote of a host that is served over http is refused like its web address", () => {
  const webUrlOf = () => "http://inside.example";
  const parse = (trusted: boolean) => parseRepository("git@inside.example:acme/app", { trusted, webUrlOf });
  expect(() => parse(false)).toThrow("only administrators and templates may use http");
  expect(parse(true)).toMatchObject({ remote: "git@inside.example:acme/app" });
});
