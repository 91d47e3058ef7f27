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
import type { ReasoningEffort } from "@/lib/contract/messages";
import type { AvailableModel } from "@/lib/contract/models";
import { groupByProvider } from "./model-choice";

/** The quiet button of a picker in the composer's bar. */
export function PickButton({ children, ...props }: ComponentProps<"button">) {
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
