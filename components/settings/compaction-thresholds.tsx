"use client";

import { type KeyboardEvent, useState } from "react";
import { errorText, settingsClient } from "@/lib/contract/client";
import { thresholdSchema } from "@/lib/contract/settings";
import { formatTokenLimit } from "@/lib/format";
import { Button } from "../ui/button";
import { Input } from "../ui/input";
import { Table, TableCell, TableHead, TableRow } from "../ui/table";
import { toast } from "../ui/toast";

export type ThresholdModel = { id: string; name: string; provider: string; contextLimit: number; threshold: number };

type Props = { models: readonly ThresholdModel[]; thresholds: Readonly<Record<string, number>> };

/** How full the context of each model may get before the conversation is summed up. */
export function CompactionThresholds({ models, thresholds: stored }: Props) {
  const [thresholds, setThresholds] = useState(stored);
  if (models.length === 0) return <p className="text-ink-2">No model is set up yet.</p>;

  async function save(id: string, percent: number | null) {
    const before = thresholds;
    const { [id]: _, ...others } = before;
    const after = percent === null ? others : { ...others, [id]: percent };
    setThresholds(after);
    try {
      const saved = await settingsClient.putMe({ compaction_thresholds: after });
      setThresholds(saved.compaction_thresholds);
      toast.show(percent === null ? "Threshold reset" : "Threshold saved");
    } catch (cause) {
      setThresholds(before);
      toast.error(errorText(cause));
    }
  }

  return (
    <Table label="Compaction thresholds">
      <thead>
        <tr>
          <TableHead>Model</TableHead>
          <TableHead numeric>Context</TableHead>
          <TableHead>Compact at</TableHead>
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <TableRow key={model.id}>
            <TableCell>
              <span className="font-medium text-ink">{model.name}</span>
              <span className="block text-ink-3 text-sm">{model.provider}</span>
            </TableCell>
            <TableCell numeric>{formatTokenLimit(model.contextLimit)}</TableCell>
            <TableCell className="py-2">
              <ThresholdInput
                key={thresholds[model.id] ?? "default"}
                model={model}
                own={thresholds[model.id] ?? null}
                onSave={(percent) => save(model.id, percent)}
              />
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

type ThresholdInputProps = {
  model: ThresholdModel;
  /** The person's own; null: the model's. */
  own: number | null;
  onSave: (percent: number | null) => void;
};

/** Saved when it is left or with Enter; what is no percentage goes back to what stood. */
function ThresholdInput({ model, own, onSave }: ThresholdInputProps) {
  const current = own ?? model.threshold;
  const [text, setText] = useState(String(current));

  function commit() {
    const parsed = thresholdSchema.safeParse(Number(text));
    if (!parsed.success) return setText(String(current));
    if (parsed.data !== current) onSave(parsed.data);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter") commit();
    if (event.key === "Escape") setText(String(current));
  }

  return (
    <div className="flex items-center gap-2">
      <Input
        type="number"
        min={1}
        max={100}
        aria-label={`Percent of the context of ${model.name}`}
        className="w-24"
        suffix="%"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={onKeyDown}
      />
      {current === 100 ? <span className="text-ink-3 text-sm">Off</span> : null}
      {own === null ? null : (
        <Button size="sm" onClick={() => onSave(null)}>
          Reset to {model.threshold} %
        </Button>
      )}
    </div>
  );
}
