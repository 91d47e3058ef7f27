import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import type { Sql } from "postgres";
import { expect, test } from "vitest";
import * as schema from "@/db/schema";
import { createTestDatabase } from "../../support/database";

const migrated = await createTestDatabase();
const declared = await createTestDatabase({ template: "empty" });

/** Tables, columns, constraints, indexes, enumerations and sequences, each as one line. */
async function describeCatalog(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
      || CASE WHEN a.attidentity = '' THEN '' ELSE ' identity ' || a.attidentity::text END
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 'constraint ' || conname || ' on ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    UNION ALL
    SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'enum ' || t.typname || ' ' || string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
    FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname
    UNION ALL
    SELECT 'sequence ' || sequencename || ' ' || data_type::text || ' ' || start_value || ' ' || increment_by
    FROM pg_sequences WHERE schemaname = 'public'`;
  return rows.map(({ line }) => line).sort();
}

test("the migrations make exactly the declared schema", async () => {
  const casing = "snake_case";
  const empty = generateDrizzleJson({}, undefined, undefined, casing);
  const statements = await generateMigration(empty, generateDrizzleJson(schema, empty.id, undefined, casing));
  for (const statement of statements) await declared.sql.unsafe(statement);
  expect(await describeCatalog(migrated.sql)).toEqual(await describeCatalog(declared.sql));
});

test("rows that are rewritten often have room on their page", async () => {
  const rows = await migrated.sql<{ name: string; options: string[] }[]>`
    SELECT relname AS name, reloptions AS options FROM pg_class WHERE relname IN ('chats', 'chat_runs', 'cost_days') ORDER BY relname`;
  expect(rows.map(({ name, options }) => [name, options])).toEqual([
    ["chat_runs", ["fillfactor=50"]],
    ["chats", ["fillfactor=80"]],
    ["cost_days", ["fillfactor=80"]],
  ]);
});
