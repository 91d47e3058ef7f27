import { expect, test } from "vitest";
import { createSql } from "@/db/connect";
import { createTestDatabase, toDatabaseUrl } from "../support/database";

const { address } = await createTestDatabase();
if (address.kind !== "socket") throw new Error("The test cluster listens on a socket.");
const { user, directory, database } = address;

test.each([toDatabaseUrl(address), `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(directory)}`])(
  "a URL may name a socket's directory (%#)",
  async (url) => {
    const sql = createSql({ kind: "url", url }, { max: 1 });
    expect(await sql`SELECT current_database() AS name`).toEqual([{ name: database }]);
    await sql.end();
  },
);
