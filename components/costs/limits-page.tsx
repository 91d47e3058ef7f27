"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { costsClient, errorText } from "@/lib/contract/client";
import { LIMIT_PERIODS, type LimitPeriod, type UsageLimits } from "@/lib/contract/costs";
import { formatPlural } from "@/lib/format";
import { SettingsSection } from "../settings/section";
import { SettingsPage } from "../settings/settings-frame";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Link } from "../ui/link";
import { Segmented } from "../ui/segmented";
import { Switch } from "../ui/switch";
import { toast } from "../ui/toast";
import { formatDollars, parseDollars } from "./dollars";
import { OverrideSection } from "./override-section";

const LIMITS_KEY = ["usage-limits"];
const PERIOD_LABELS = { day: "Day", week: "Week", month: "Month" } satisfies Record<LimitPeriod, string>;

type LimitsPageProps = {
  initial: UsageLimits;
  people: readonly { id: string; name: string }[];
  chosenId: string | null;
};

/** Who waits goes on within a second or two of a raised limit. */
const WAITING_MS = 3_000;

/** What may be spent: by everybody, and by those who have a limit of their own. */
export function LimitsPage({ initial, people, chosenId }: LimitsPageProps) {
  const client = useQueryClient();
  const { data: limits } = useQuery({
    queryKey: LIMITS_KEY,
    queryFn: ({ signal }) => costsClient.limits({ signal }),
    initialData: initial,
    // The server's page is newer than what an earlier visit left.
    gcTime: 0,
    refetchInterval: ({ state }) => (state.data?.waiting.length ? WAITING_MS : false),
  });
  const setLimits = (saved: UsageLimits) => client.setQueryData(LIMITS_KEY, saved);
  return (
    <SettingsPage title="Limits">
      <div className="grid gap-6">
        {limits.unpriced_model_count > 0 ? (
          <Callout
            tone="warning"
            title={`${formatPlural(limits.unpriced_model_count, "enabled model has", "enabled models have")} no price`}
            action={
              <Button asChild>
                <Link href="/admin/models">Set prices</Link>
              </Button>
            }
          >
            What they cost is unknown and counts against no limit.
          </Callout>
        ) : null}
        {limits.waiting.map((person) => (
          <Callout
            key={person.user_id}
            tone="info"
            title={`${formatPlural(person.chat_count, "agent")} of ${person.name || person.username} ${person.chat_count === 1 ? "waits" : "wait"} at a spend limit`}
          >
            {person.chat_count === 1 ? "It goes" : "They go"} on when the limit is raised, or with the next period.
          </Callout>
        ))}
        <DefaultLimit limits={limits} onSaved={setLimits} />
        <OverrideSection limits={limits} people={people} chosenId={chosenId} onSaved={setLimits} />
      </div>
    </SettingsPage>
  );
}

function DefaultLimit({ limits, onSaved }: { limits: UsageLimits; onSaved: (limits: UsageLimits) => void }) {
  const [dollars, setDollars] = useState(formatDollars(limits.spend_limit_micros));
  const [period, setPeriod] = useState(limits.period);
  const [failOpen, setFailOpen] = useState(limits.fail_open);
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const parsed = parseDollars(dollars);

  async function save() {
    if (!parsed.ok) return setProblem(parsed.problem);
    setSaving(true);
    setProblem(null);
    try {
      onSaved(await costsClient.putLimits({ spend_limit_micros: parsed.micros, period, fail_open: failOpen }));
      toast.show("Limit saved");
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setSaving(false);
    }
  }

  return (
    <SettingsSection title="For everybody" hint="Checked before work and between an agent's steps, subagents included.">
      <form
        className="grid max-w-96 gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field label="Spend limit" hint="Empty: no limit. 0: nothing may be spent." error={problem}>
          <Input inputMode="decimal" prefix="$" value={dollars} onChange={(event) => setDollars(event.target.value)} />
        </Field>
        <Field label="Per" hint="In UTC; a week begins on Monday.">
          <Segmented
            label="Period"
            value={period}
            onValueChange={setPeriod}
            options={LIMIT_PERIODS.map((value) => ({ value, label: PERIOD_LABELS[value] }))}
          />
        </Field>
        <Field
          label="Go on when the check fails"
          hint="Otherwise work stops with an error until spending can be checked again."
        >
          <Switch checked={failOpen} onCheckedChange={setFailOpen} aria-label="Go on when the check fails" />
        </Field>
        <div>
          <Button type="submit" variant="primary" busy={isSaving}>
            Save limit
          </Button>
        </div>
      </form>
    </SettingsSection>
  );
}
