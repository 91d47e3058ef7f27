"use client";

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuGroup,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Segmented } from "@/components/ui/segmented";
import { BUSY_BEHAVIORS } from "@/lib/contract/message-choices";
import type { BusyBehavior, ReasoningEffort } from "@/lib/contract/messages";
import type { AvailableModel } from "@/lib/contract/models";
import { groupByProvider } from "./model-choice";

/** The quiet button of a picker in the composer's bar. */
function PickButton({ children, ...props }: ComponentProps<"button">) {
  return (
    <button
      type="button"
      {...props}
      className="inline-flex h-(--control-md) min-w-0 items-center gap-1 rounded-sm pr-1.5 pl-2 font-medium text-ink-2 text-md hover:bg-hover data-[state=open]:bg-active"
    >
      <span className="truncate">{children}</span>
      <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
    </button>
  );
}

type ModelPickerProps = {
  models: readonly AvailableModel[];
  model: AvailableModel | undefined;
  onPick: (modelId: string) => void;
};

/** Which model the next message goes to. One that cannot be used says why. */
export function ModelPicker({ models, model, onPick }: ModelPickerProps) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <PickButton aria-label={`Model: ${model?.display_name ?? "none"}`}>
          {model?.display_name ?? "No model"}
        </PickButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent side="top">
        <DropdownMenuRadioGroup value={model?.id} onValueChange={onPick}>
          {groupByProvider(models).map((group) => (
            <DropdownMenuGroup key={group.name}>
              <DropdownMenuLabel>{group.name}</DropdownMenuLabel>
              {group.models.map((each) =>
                each.available ? (
                  <DropdownMenuRadioItem
                    key={each.id}
                    value={each.id}
                    hint={each.unpriced ? "No price: its cost is unknown" : undefined}
                  >
                    {each.display_name}
                  </DropdownMenuRadioItem>
                ) : (
                  <DropdownMenuItem key={each.id} reason={each.unavailable_reason ?? "Not usable now."}>
                    {each.display_name}
                  </DropdownMenuItem>
                ),
              )}
            </DropdownMenuGroup>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** The efforts offered; `auto` leaves it to the model's configuration. */
export const EFFORTS = ["auto", "low", "medium", "high", "max"] as const satisfies readonly (
  | ReasoningEffort
  | "auto"
)[];
export type EffortChoice = (typeof EFFORTS)[number];

export const EFFORT_LABELS = {
  auto: "Auto effort",
  low: "Low effort",
  medium: "Medium effort",
  high: "High effort",
  max: "Max effort",
} satisfies Record<EffortChoice, string>;

export const parseEffort = (text: string | null): EffortChoice => EFFORTS.find((effort) => effort === text) ?? "auto";

/** What a request says; undefined: as the model is configured. */
export const toEffort = (effort: EffortChoice): ReasoningEffort | undefined => (effort === "auto" ? undefined : effort);

/** How long the model reasons before it answers. */
export function EffortPicker({ effort, onPick }: { effort: EffortChoice; onPick: (effort: EffortChoice) => void }) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <PickButton aria-label={`Reasoning: ${EFFORT_LABELS[effort]}`}>{EFFORT_LABELS[effort]}</PickButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent side="top">
        <DropdownMenuRadioGroup value={effort} onValueChange={(value) => onPick(parseEffort(value))}>
          {EFFORTS.map((each) => (
            <DropdownMenuRadioItem
              key={each}
              value={each}
              hint={each === "auto" ? "As the model is configured" : undefined}
            >
              {EFFORT_LABELS[each]}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

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
