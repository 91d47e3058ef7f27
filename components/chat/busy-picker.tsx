"use client";

import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Segmented } from "@/components/ui/segmented";
import { BUSY_BEHAVIORS } from "@/lib/contract/message-choices";
import type { BusyBehavior } from "@/lib/contract/messages";
import { PickButton } from "./composer-pickers";

const BUSY_LABELS = { queue: "Queue", steer: "Steer", interrupt: "Interrupt" } satisfies Record<BusyBehavior, string>;
const BUSY_HINTS = {
  queue: "After this turn",
  steer: "At the next step of this turn",
  interrupt: "Stop this turn and send",
} satisfies Record<BusyBehavior, string>;
const BUSY_ORDER: readonly BusyBehavior[] = ["steer", "queue", "interrupt"];

export const parseBusyBehavior = (text: string | null): BusyBehavior =>
  BUSY_BEHAVIORS.find((behavior) => behavior === text) ?? "queue";

type BusyPickerProps = { behavior: BusyBehavior; onPick: (behavior: BusyBehavior) => void };

/** What a message sent now does to the turn that runs; a menu where the bar is narrow. */
export function BusyPicker({ behavior, onPick }: BusyPickerProps) {
  return (
    <>
      <div className="max-sm:hidden">
        <Segmented
          label="When the agent is busy"
          value={behavior}
          onValueChange={onPick}
          options={BUSY_ORDER.map((value) => ({
            value,
            label: <span title={BUSY_HINTS[value]}>{BUSY_LABELS[value]}</span>,
          }))}
        />
      </div>
      <div className="sm:hidden">
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <PickButton aria-label={`When the agent is busy: ${BUSY_LABELS[behavior]}`}>
              {BUSY_LABELS[behavior]}
            </PickButton>
          </DropdownMenuTrigger>
          <DropdownMenuContent side="top" align="end">
            <DropdownMenuRadioGroup value={behavior} onValueChange={(value) => onPick(parseBusyBehavior(value))}>
              {BUSY_ORDER.map((value) => (
                <DropdownMenuRadioItem key={value} value={value} hint={BUSY_HINTS[value]}>
                  {BUSY_LABELS[value]}
                </DropdownMenuRadioItem>
              ))}
            </DropdownMenuRadioGroup>
          </DropdownMenuContent>
        </DropdownMenu>
      </div>
    </>
  );
}
