"use client";

import { Popover } from "radix-ui";
import { type ReactNode, useState } from "react";
import { PR_STATUSES } from "@/lib/contract/chat-filter";
import { Button } from "../ui/button";
import { Checkbox } from "../ui/checkbox";
import { menuSurface } from "../ui/menu-look";
import { Segmented } from "../ui/segmented";
import {
  ACTIVITIES,
  ACTIVITY_LABELS,
  ARCHIVE_CHOICES,
  clearResultFilters,
  isFiltered,
  type ListFilter,
  PR_LABELS,
} from "./list-filter";

const ARCHIVE_LABELS = { active: "Active", archived: "Archived", all: "All" } satisfies Record<
  ListFilter["archive"],
  string
>;

const UNREAD_CHOICES = [
  { value: "any", label: "Any" },
  { value: "unread", label: "Unread" },
  { value: "read", label: "Read" },
] as const;
type UnreadChoice = (typeof UNREAD_CHOICES)[number]["value"];

type FilterPopoverProps = {
  filter: ListFilter;
  onApply: (filter: ListFilter) => void;
  onClose: () => void;
};

/** What the list shows: chosen first, applied at once. It opens with its trigger, the element before it. */
export function FilterPopover({ filter, onApply, onClose }: FilterPopoverProps) {
  const [staged, setStaged] = useState(filter);
  const change = (part: Partial<ListFilter>) => setStaged({ ...staged, ...part });
  return (
    <Popover.Root open onOpenChange={(open) => open || onClose()}>
      <Popover.Anchor asChild>
        <span aria-hidden className="pointer-events-none absolute inset-0" />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          data-sheet
          aria-label="Filter agents"
          className={`${menuSurface} w-72 p-3`}
        >
          <form
            className="grid gap-3"
            onSubmit={(event) => {
              event.preventDefault();
              onApply(staged);
              onClose();
            }}
          >
            <Segmented
              label="Archive"
              value={staged.archive}
              onValueChange={(archive) => change({ archive })}
              options={ARCHIVE_CHOICES.map((value) => ({ value, label: ARCHIVE_LABELS[value] }))}
            />
            <Choices
              label="Pull request"
              choices={PR_STATUSES}
              labels={PR_LABELS}
              chosen={staged.prStatuses}
              onChange={(prStatuses) => change({ prStatuses })}
            />
            <Choices
              label="Status"
              choices={ACTIVITIES}
              labels={ACTIVITY_LABELS}
              chosen={staged.activities}
              onChange={(activities) => change({ activities })}
            />
            <FilterGroup label="Read">
              <Segmented<UnreadChoice>
                label="Read"
                value={staged.unread === null ? "any" : staged.unread ? "unread" : "read"}
                onValueChange={(value) => change({ unread: value === "any" ? null : value === "unread" })}
                options={UNREAD_CHOICES}
              />
            </FilterGroup>
            <div className="flex justify-between border-line border-t pt-3">
              <Button
                variant="ghost"
                disabled={!isFiltered(staged)}
                onClick={() => setStaged(clearResultFilters(staged))}
              >
                Clear filters
              </Button>
              <Button type="submit" variant="primary">
                Apply
              </Button>
            </div>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

type ChoicesProps<T extends string> = {
  label: string;
  choices: readonly T[];
  labels: Record<T, string>;
  chosen: readonly T[];
  onChange: (chosen: T[]) => void;
};

function Choices<T extends string>({ label, choices, labels, chosen, onChange }: ChoicesProps<T>) {
  return (
    <FilterGroup label={label}>
      <div className="grid grid-cols-2">
        {choices.map((choice) => (
          <Checkbox
            key={choice}
            checked={chosen.includes(choice)}
            onCheckedChange={(checked) =>
              onChange(checked ? [...chosen, choice] : chosen.filter((each) => each !== choice))
            }
          >
            {labels[choice]}
          </Checkbox>
        ))}
      </div>
    </FilterGroup>
  );
}

function FilterGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-ink-3 text-xs">{label}</legend>
      {children}
    </fieldset>
  );
}
