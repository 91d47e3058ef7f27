import { copyFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { rebuildCostDays } from "@/db/queries/cost-verification";
import { newId } from "@/lib/ids";
import { runSlipway } from "../support/command";
import { createTestDatabase, toDatabaseUrl } from "../support/database";
import { ADMINISTRATOR, startProduct } from "../support/product";
import { insertCall } from "../support/rows";
import { createTemporaryDirectory } from "../support/temporary-directory";

const base = await createTemporaryDirectory();
const dataDir = join(base, "first");
const file = join(base, "everything.backup");
const product = await startProduct({ dataDir });
afterAll(() => product.stop());
const onFirst = { SLIPWAY_DATA_DIR: dataDir };

const signIn = (url: string, password: string, email = ADMINISTRATOR.email) =>
  fetch(`${url}/api/auth/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });

test("a running server is backed up into one private file, which is never replaced", async () => {
  const { code, output } = await runSlipway(["backup", file], onFirst);
  expect(output).toMatch(/tables are in .*everything\.backup/);
  expect(output).toContain("secret.key");
  expect(code).toBe(0);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const again = await runSlipway(["backup", file], onFirst);
  expect([again.code, again.output]).toEqual([1, `${file} exists. A backup never replaces a file.\n`]);
});

test("the file fills a new data directory, and with the same key everybody can go on", async () => {
  const second = join(base, "second");
  const restored = await runSlipway(["restore", file], { SLIPWAY_DATA_DIR: second });
  expect(restored.output).toMatch(/tables are restored/);
  await copyFile(join(dataDir, "secret.key"), join(second, "secret.key"));
  const copy = await startProduct({ dataDir: second });
  expect((await signIn(copy.url, ADMINISTRATOR.password)).status).toBe(200);
  await copy.stop();
  const twice = await runSlipway(["restore", file], { SLIPWAY_DATA_DIR: second });
  expect(twice).toEqual({ code: 1, output: expect.stringMatching(/^The database is not empty: \w+ has rows\..*\n$/) });
});

test("the file fills another server's database as well", async () => {
  const { address, sql } = await createTestDatabase({ template: "empty" });
  const env = { DATABASE_URL: toDatabaseUrl(address), SLIPWAY_DATA_DIR: join(base, "third") };
  const { output } = await runSlipway(["restore", file], env);
  expect(output).toMatch(/tables are restored/);
  expect(await sql`SELECT email FROM users`).toEqual([{ email: ADMINISTRATOR.email }]);
});

test("a live database is not restored into, and a file that is no backup is named", async () => {
  const live = await runSlipway(["restore", file], onFirst);
  expect([live.code, live.output]).toEqual([1, `A Slipway runs on ${dataDir}. Stop it, or restore elsewhere.\n`]);
  const wrong = join(base, "wrong");
  await writeFile(wrong, "something else");
  const other = await runSlipway(["restore", wrong], { SLIPWAY_DATA_DIR: join(base, "fourth") });
  expect([other.code, other.output]).toEqual([1, "The file is not a backup of Slipway, or it is damaged.\n"]);
});

test("a forgotten password is replaced while the server runs, and earlier sessions end", async () => {
  const session = (await signIn(product.url, ADMINISTRATOR.password)).headers.getSetCookie().join("; ");
  const me = () => fetch(`${product.url}/api/experimental/users/me`, { headers: { cookie: session } });
  expect((await me()).status).toBe(200);
  const { code, output } = await runSlipway(["reset-password", ADMINISTRATOR.email.toUpperCase()], onFirst);
  expect(code).toBe(0);
  const password = / is (\S+)\n/.exec(output)?.[1] as string;
  expect((await me()).status).toBe(401);
  expect((await signIn(product.url, ADMINISTRATOR.password)).status).toBe(401);
  expect((await signIn(product.url, password)).status).toBe(200);
  const unknown = await runSlipway(["reset-password", "nobody@example.test"], onFirst);
  expect([unknown.code, unknown.output]).toEqual([1, "Nobody has the address nobody@example.test.\n"]);
});

test("costs are verified, and each figure that is no sum of the record is named", async () => {
  const { address, sql } = await createTestDatabase();
  const env = { DATABASE_URL: toDatabaseUrl(address), SLIPWAY_DATA_DIR: join(base, "fifth") };
  const [ownerId, rootChatId] = [newId(), newId()];
  await insertCall(sql, { ownerId, rootChatId, costMicros: 7, at: "2026-01-01T12:00:00Z" });
  await rebuildCostDays(sql);
  const right = await runSlipway(["verify-costs"], env);
  expect(right).toEqual({ code: 0, output: "Every sum and every message's cost is what the record says.\n" });
  await sql`UPDATE cost_days SET cost_micros = 6`;
  await sql`UPDATE cost_person_totals SET cost_micros = 8`;
  const { code, output } = await runSlipway(["verify-costs"], env);
  expect(code).toBe(1);
  expect(output).toMatch(new RegExp(`cost_day ${ownerId} [-0-9]+ ${rootChatId}: the record says .*found`));
  expect(output).toMatch(new RegExp(`cost_person_total [-0-9]+ ${ownerId}: the record says .*found .*`));
  expect(output).toContain("2 figures are not what the record says.");
});
