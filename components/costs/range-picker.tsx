"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Segmented } from "../ui/segmented";

type RangePickerProps = {
  /** Null: days of one's own choice. */
  presetDays: number | null;
  firstDay: string;
  lastDay: string;
  today: string;
  label: string;
  /** What else the address says. */
  keep?: Record<string, string>;
};

const PRESETS = ["7", "30", "90"] as const;

/** The days that a usage page is about; they stand in the address. */
export function RangePicker({ presetDays, firstDay, lastDay, today, label, keep = {} }: RangePickerProps) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  const [isOpen, setOpen] = useState(false);
  const go = (search: Record<string, string>) =>
    startTransition(() => router.push(`?${new URLSearchParams({ ...keep, ...search })}`, { scroll: false }));
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segmented
        label="Range"
        value={String(presetDays ?? "")}
        onValueChange={(days) => go({ days })}
        options={PRESETS.map((value) => ({ value: value as string, label: `${value} days` }))}
      />
      <Button busy={isPending} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {label}
      </Button>
      {isOpen ? (
        <CustomRange
          firstDay={firstDay}
          lastDay={lastDay}
          today={today}
          onClose={() => setOpen(false)}
          onChoose={(from, to) => {
            setOpen(false);
            go({ from, to });
          }}
        />
      ) : null}
    </div>
  );
}

type CustomRangeProps = {
  firstDay: string;
  lastDay: string;
  today: string;
  onClose: () => void;
  onChoose: (from: string, to: string) => void;
};

function CustomRange({ firstDay, lastDay, today, onClose, onChoose }: CustomRangeProps) {
  const [from, setFrom] = useState(firstDay);
  const [to, setTo] = useState(lastDay);
  const isReversed = from !== "" && to !== "" && from > to;
  const isComplete = from !== "" && to !== "" && !isReversed;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Choose days">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete) onChoose(from, to);
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="First day" error={isReversed ? "The first day is after the last." : undefined}>
            <Input type="date" value={from} max={today} onChange={(event) => setFrom(event.target.value)} />
          </Field>
          <Field label="Last day">
            <Input type="date" value={to} max={today} onChange={(event) => setTo(event.target.value)} />
          </Field>
        </div>
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!isComplete}>
            Show days
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
