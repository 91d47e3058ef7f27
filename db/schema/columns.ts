/** Column shapes that every table shares. */
import { customType, timestamp } from "drizzle-orm/pg-core";

/** `timestamptz`, as RFC 3339 text. Never a JS Date: it drops PostgreSQL's microseconds. */
export const instant = () => timestamp({ withTimezone: true, mode: "string" });

/** `created_at`, set by the database. */
export const createdAt = () => instant().notNull().defaultNow();

/** An exact decimal of any scale, as text. */
export const decimal = customType<{ data: string; driverData: string }>({ dataType: () => "numeric" });
