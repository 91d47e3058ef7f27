CREATE INDEX "cost_days_day" ON "cost_days" USING btree ("day");--> statement-breakpoint
-- Days that are not over are summed when they are.
DELETE FROM "cost_person_days" WHERE "day" >= (now() AT TIME ZONE 'UTC' - interval '1 hour')::date;--> statement-breakpoint
ALTER TABLE "cost_person_days" RESET (fillfactor);
