"use client";

import { Paperclip, Plus, Route } from "lucide-react";
import { useRef } from "react";
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
import { IconButton } from "@/components/ui/icon-button";
import { EFFORT_LABELS, EFFORTS, type EffortChoice, parseEffort } from "./composer-pickers";

type ComposerAddProps = {
  onFiles: (files: File[]) => void;
  isPlanning: boolean;
  onPlanning: (isPlanning: boolean) => void;
  effort: EffortChoice;
  onEffort: (effort: EffortChoice) => void;
};

/** What a message can have besides its text; on a phone also how long the model thinks. */
export function ComposerAdd(props: ComposerAddProps) {
  const { isPlanning } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        onChange={(event) => {
          props.onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <IconButton icon={Plus} label="Add" tooltipSide="top" />
        </DropdownMenuTrigger>
        <DropdownMenuContent side="top" aria-label="Add">
          <DropdownMenuItem icon={Paperclip} onSelect={() => input.current?.click()}>
            Attach files
          </DropdownMenuItem>
          <DropdownMenuItem icon={Route} onSelect={() => props.onPlanning(!isPlanning)}>
            {isPlanning ? "Leave plan mode" : "Plan first"}
          </DropdownMenuItem>
          <DropdownMenuGroup className="sm:hidden">
            <DropdownMenuLabel>Reasoning</DropdownMenuLabel>
            <DropdownMenuRadioGroup value={props.effort} onValueChange={(value) => props.onEffort(parseEffort(value))}>
              {EFFORTS.map((each) => (
                <DropdownMenuRadioItem key={each} value={each}>
                  {EFFORT_LABELS[each]}
                </DropdownMenuRadioItem>
              ))}
            </DropdownMenuRadioGroup>
          </DropdownMenuGroup>
        </DropdownMenuContent>
      </DropdownMenu>
    </>
  );
}

/** Says that the agent plans before it changes anything; pressed, it no longer does. */
export function PlanBadge({ onLeave }: { onLeave: () => void }) {
  return (
    <button
      type="button"
      title="The agent looks and proposes a plan before it changes anything. Press to leave plan mode."
      aria-label="Plan mode is on. Leave plan mode"
      onClick={onLeave}
      className="inline-flex h-(--control-md) shrink-0 items-center gap-1.5 rounded-sm bg-warning-bg px-2 font-medium text-md text-warning hover:brightness-95"
    >
      <Route aria-hidden className="size-3.5" />
      <span className="max-sm:hidden">Plan first</span>
    </button>
  );
}
