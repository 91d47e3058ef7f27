DROP INDEX "users_email_unique";--> statement-breakpoint
DROP INDEX "users_username_unique";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "agents_ended_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "users_ending" ON "users" USING btree ("deleted_at") WHERE deleted_at IS NOT NULL AND agents_ended_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree (lower("email")) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "users_username_unique" ON "users" USING btree (lower("username")) WHERE deleted_at IS NULL;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_deleted_suspended" CHECK ("users"."deleted_at" IS NULL OR "users"."suspended");