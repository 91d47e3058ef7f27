"use client";

import { Search, X } from "lucide-react";
import { IconButton } from "../../ui/icon-button";
import { Input } from "../../ui/input";

type FileSearchProps = { value: string; onChange: (text: string) => void; onClose: () => void };

/** Names of files that contain what is typed, in place of the first few. */
export function FileSearch({ value, onChange, onClose }: FileSearchProps) {
  return (
    <div className="border-line border-b px-4 py-2">
      <Input
        type="search"
        value={value}
        aria-label="Find a file in the diff"
        placeholder="Find a file"
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          event.preventDefault();
          onClose();
        }}
        prefix={<Search aria-hidden className="size-3.5" />}
        suffix={value ? <IconButton size="sm" icon={X} label="Clear the search" onClick={onClose} /> : undefined}
      />
    </div>
  );
}
