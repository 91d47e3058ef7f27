"use client";

import { ArrowUp, Square } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";

/** The one primary act of a composer. */
export function SendButton(props: { label: string; isDisabled: boolean; isBusy: boolean; onSend: () => void }) {
  return (
    <IconButton
      icon={ArrowUp}
      label={props.label}
      shortcut="↵"
      variant="primary"
      tooltipSide="top"
      disabled={props.isDisabled}
      busy={props.isBusy}
      onClick={props.onSend}
    />
  );
}

/** Stops the running turn; what was written stays. */
export function StopButton({ isBusy, onStop }: { isBusy: boolean; onStop: () => void }) {
  return (
    <IconButton
      icon={Square}
      label={isBusy ? "Stopping" : "Stop"}
      shortcut="Esc"
      variant="default"
      tooltipSide="top"
      busy={isBusy}
      onClick={onStop}
      className="[&>.lucide-square]:size-3 [&>.lucide-square]:fill-current"
    />
  );
}
