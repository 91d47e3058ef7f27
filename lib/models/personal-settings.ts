/** A person changes their own settings. Checks what they refer to; the queries write. */
import type { z } from "zod";
import type { Executor } from "@/db/client";
import { listKnownModelConfigIds } from "@/db/queries/model-configs";
import { getPersonalSettings, upsertPersonalSettings } from "@/db/queries/user-settings";
import { ApiError } from "@/lib/contract/errors";
import type { PersonalSettings, putPersonalSettingsSchema } from "@/lib/contract/settings";

type Options = { db: Executor; userId: string; changes: z.output<typeof putPersonalSettingsSchema> };

/** Returns what then stands. @throws ApiError `unprocessable` for a threshold of a model that never was. */
export async function changePersonalSettings({ db, userId, changes }: Options): Promise<PersonalSettings> {
  const ids = Object.keys(changes.compaction_thresholds ?? {});
  const known = await listKnownModelConfigIds(db, { ids });
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown)
    throw new ApiError("unprocessable", `There is no model configuration ${unknown}. GET /chats/models lists them.`);
  await upsertPersonalSettings(db, {
    userId,
    prompt: changes.personal_prompt,
    compactionThresholds: changes.compaction_thresholds,
    notifications: changes.notifications,
  });
  return getPersonalSettings(db, { userId });
}
