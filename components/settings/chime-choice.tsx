"use client";

import { useId } from "react";
import { useStoredChoice } from "../chat/use-stored-choice";
import { CHIME_STORAGE_KEY } from "../chime/use-chime";
import { Switch } from "../ui/switch";

/** Whether this browser makes a sound when an agent is done or needs a person. */
export function ChimeChoice() {
  const id = useId();
  const [choice, choose] = useStoredChoice(CHIME_STORAGE_KEY);
  return (
    <div className="flex items-center justify-between gap-4">
      <label htmlFor={id} className="text-ink-2 text-md">
        Play a chime when an agent is done, failed or needs you
      </label>
      <Switch id={id} checked={choice !== "off"} onCheckedChange={(isOn) => choose(isOn ? "on" : "off")} />
    </div>
  );
}
