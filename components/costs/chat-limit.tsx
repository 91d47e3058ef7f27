"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { chatsClient, errorText } from "@/lib/contract/client";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { formatDollars, parseDollars } from "./dollars";

/** What the agent and its subagents may cost together. */
export function ChatLimit({ rootId, limitMicros }: { rootId: string; limitMicros: number | null }) {
  const client = useQueryClient();
  const saved = formatDollars(limitMicros);
  const [dollars, setDollars] = useState(saved);
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function save() {
    const parsed = parseDollars(dollars);
    if (!parsed.ok) return setProblem(parsed.problem);
    setSaving(true);
    setProblem(null);
    try {
      await chatsClient.patch(rootId, { spend_limit_micros: parsed.micros });
      setDollars(formatDollars(parsed.micros));
      await client.invalidateQueries({ queryKey: ["chat-cost", rootId] });
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setSaving(false);
    }
  }

  return (
    <form
      className="flex items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field
        label="Spend limit of this agent"
        hint="With its subagents. Empty: only your own limit holds."
        error={problem}
        className="min-w-0 flex-1"
      >
        <Input
          inputMode="decimal"
          prefix="$"
          placeholder="No limit"
          value={dollars}
          onChange={(event) => setDollars(event.target.value)}
        />
      </Field>
      <Button type="submit" size="lg" className="mt-6.5" busy={isSaving} disabled={dollars === saved}>
        Save
      </Button>
    </form>
  );
}
