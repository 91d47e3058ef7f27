"use client";

import { Keyboard } from "lucide-react";
import { IconButton } from "../../ui/icon-button";
import { Kbd } from "../../ui/kbd";
import { Popover } from "../../ui/popover";

/** As `viewer-keys` moves. */
const KEYS = [
  { keys: ["j", "k"], effect: "Next and previous line" },
  { keys: ["n", "p"], effect: "Next and previous file" },
  { keys: ["v"], effect: "Mark the file as viewed" },
  { keys: ["Enter"], effect: "Comment on the line" },
] as const;

/** What the keyboard does in a diff. */
export function KeysButton() {
  return (
    <Popover label="Keys in the diff" trigger={<IconButton icon={Keyboard} label="Keys in the diff" />}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-3 gap-y-1.5 text-sm">
        {KEYS.map(({ keys, effect }) => (
          <div key={effect} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd className="text-ink-2">{effect}</dd>
          </div>
        ))}
      </dl>
    </Popover>
  );
}
