"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { errorText, fieldError, settingsClient } from "@/lib/contract/client";
import type { DeploymentSettings } from "@/lib/contract/settings";
import { SettingsSection } from "../../settings/section";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { Field } from "../../ui/field";
import { Switch } from "../../ui/switch";
import { Textarea } from "../../ui/textarea";
import { toast } from "../../ui/toast";
import { useUnsavedChanges } from "../../ui/unsaved-changes";

/** What every agent of the installation is told. */
export function InstructionsForm({ settings: stored }: { settings: DeploymentSettings }) {
  const router = useRouter();
  const unsaved = useUnsavedChanges();
  const [settings, setSettings] = useState(stored);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const isDirty = isDifferent(settings, stored);

  function change(part: Partial<DeploymentSettings>) {
    const next = { ...settings, ...part };
    setSettings(next);
    unsaved.setDirty(isDifferent(next, stored));
  }

  async function save(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await settingsClient.put(settings);
      unsaved.setDirty(false);
      toast.show("Instructions saved");
      router.refresh();
    } catch (cause) {
      setError(cause);
    }
    setBusy(false);
  }

  const errorOf = (field: keyof DeploymentSettings) => (error ? fieldError(error, field) : null);
  const isUnexplained = error && !errorOf("system_prompt") && !errorOf("plan_instructions");
  return (
    <form onSubmit={save}>
      <SettingsSection
        title="System prompt"
        hint="Every agent is given it, before the instructions of chats and projects."
      >
        <div className="grid gap-4">
          <Field
            label="Include the built-in instructions"
            hint="How to work, use tools, handle version control and report. They stand first."
            action={
              <Switch
                aria-label="Include the built-in instructions"
                checked={settings.include_default_system_prompt}
                onCheckedChange={(checked) => change({ include_default_system_prompt: checked })}
              />
            }
          >
            {null}
          </Field>
          {settings.include_default_system_prompt || settings.system_prompt.trim() !== "" ? null : (
            <Callout tone="warning" title="Agents would have no instructions">
              Without the built-in ones, write your own below.
            </Callout>
          )}
          <Field label="Your instructions" hint="At most 128 KiB." error={errorOf("system_prompt")}>
            <Textarea
              rows={10}
              value={settings.system_prompt}
              onChange={(event) => change({ system_prompt: event.target.value })}
            />
          </Field>
        </div>
      </SettingsSection>
      <SettingsSection title="Plan mode" hint="Agents that plan before they change anything are given this as well.">
        <Field label="Plan instructions" hint="At most 128 KiB." error={errorOf("plan_instructions")}>
          <Textarea
            rows={5}
            value={settings.plan_instructions}
            onChange={(event) => change({ plan_instructions: event.target.value })}
          />
        </Field>
      </SettingsSection>
      {isUnexplained ? (
        <Callout tone="danger" title="The instructions were not saved" className="mb-4 max-w-160">
          {errorText(error)}
        </Callout>
      ) : null}
      <Button type="submit" variant="primary" busy={isBusy} disabled={!isDirty}>
        Save instructions
      </Button>
      {unsaved.dialog}
    </form>
  );
}

const isDifferent = (a: DeploymentSettings, b: DeploymentSettings): boolean =>
  a.system_prompt !== b.system_prompt ||
  a.include_default_system_prompt !== b.include_default_system_prompt ||
  a.plan_instructions !== b.plan_instructions;
