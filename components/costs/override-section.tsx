"use client";

import { useState } from "react";
import { costsClient, errorText } from "@/lib/contract/client";
import type { UsageLimitOverride, UsageLimits } from "@/lib/contract/costs";
import { formatMoney } from "@/lib/format";
import { SettingsSection } from "../settings/section";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Table, TableCell, TableHead, TableRow } from "../ui/table";
import { toast } from "../ui/toast";
import { formatDollars, parseDollars } from "./dollars";

type OverrideSectionProps = {
  limits: UsageLimits;
  people: readonly { id: string; name: string }[];
  chosenId: string | null;
  onSaved: (limits: UsageLimits) => void;
};

/** Limits of single persons. */
export function OverrideSection({ limits, people, chosenId, onSaved }: OverrideSectionProps) {
  const [userId, setUserId] = useState(chosenId ?? "");
  const chosen = limits.overrides.find((override) => override.user_id === userId);
  return (
    <SettingsSection
      title="For single persons"
      hint="A person's own limit holds instead of everybody's, for the same period."
    >
      <OverrideForm key={userId} {...{ people, userId, setUserId, chosen, onSaved }} />
      {limits.overrides.length === 0 ? (
        <EmptyState
          className="mt-4"
          title="Nobody has a limit of their own"
          hint="Choose a person above to give them one."
        />
      ) : (
        <div className="mt-4">
          <OverrideTable limits={limits} onEdit={setUserId} onSaved={onSaved} />
        </div>
      )}
    </SettingsSection>
  );
}

type OverrideFormProps = Pick<OverrideSectionProps, "people" | "onSaved"> & {
  userId: string;
  setUserId: (userId: string) => void;
  chosen: UsageLimitOverride | undefined;
};

function OverrideForm({ people, userId, setUserId, chosen, onSaved }: OverrideFormProps) {
  const [dollars, setDollars] = useState(chosen ? formatDollars(chosen.spend_limit_micros) : "");
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function save() {
    const parsed = parseDollars(dollars);
    if (!userId) return setProblem("Choose a person.");
    if (!parsed.ok) return setProblem(parsed.problem);
    setSaving(true);
    try {
      onSaved(await costsClient.putOverride(userId, { spend_limit_micros: parsed.micros }));
      setProblem(null);
      toast.show("Limit saved");
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setSaving(false);
    }
  }

  return (
    <form
      className="flex flex-wrap items-start gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field label="Person" className="w-60">
        <PersonSelect people={people} value={userId} onChange={setUserId} />
      </Field>
      <Field label="Spend limit" hint="Empty: no limit." error={problem} className="w-60">
        <Input inputMode="decimal" prefix="$" value={dollars} onChange={(event) => setDollars(event.target.value)} />
      </Field>
      <Button type="submit" size="lg" className="mt-6.5" busy={isSaving}>
        Save
      </Button>
    </form>
  );
}

type PersonSelectProps = { people: OverrideSectionProps["people"]; value: string; onChange: (id: string) => void };

/** The browser's own list: it scrolls, searches by typing and works on a phone. */
function PersonSelect({ people, value, onChange }: PersonSelectProps) {
  return (
    <select
      aria-label="Person"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="h-(--control-lg) w-full rounded-sm border border-line-2 bg-raised px-2.5 text-ink"
    >
      <option value="">Choose</option>
      {people.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

type OverrideTableProps = Pick<OverrideSectionProps, "limits" | "onSaved"> & { onEdit: (userId: string) => void };

function OverrideTable({ limits, onEdit, onSaved }: OverrideTableProps) {
  async function remove(override: UsageLimitOverride) {
    try {
      await costsClient.deleteOverride(override.user_id);
      onSaved({ ...limits, overrides: limits.overrides.filter(({ user_id }) => user_id !== override.user_id) });
    } catch (error) {
      toast.error(errorText(error));
    }
  }
  return (
    <Table label="Limits of single persons">
      <thead>
        <tr>
          <TableHead>Person</TableHead>
          <TableHead numeric>Limit</TableHead>
          <TableHead numeric className="max-sm:hidden">
            Spent in this period
          </TableHead>
          <TableHead />
        </tr>
      </thead>
      <tbody>
        {limits.overrides.map((override) => (
          <TableRow key={override.user_id}>
            <TableCell>{override.name || override.username}</TableCell>
            <TableCell numeric>
              {override.spend_limit_micros === null ? "No limit" : formatMoney(override.spend_limit_micros)}
            </TableCell>
            <TableCell numeric className="max-sm:hidden">
              {formatMoney(override.spent_micros)}
            </TableCell>
            <TableCell numeric>
              <Button size="sm" variant="ghost" onClick={() => onEdit(override.user_id)}>
                Change
              </Button>
              <Button size="sm" variant="ghost-danger" onClick={() => void remove(override)}>
                Remove
              </Button>
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
