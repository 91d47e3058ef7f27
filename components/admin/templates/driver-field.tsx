"use client";

import type { WorkspaceDriverName } from "@/lib/contract/workspaces";
import { Field } from "../../ui/field";
import { Select } from "../../ui/select";

export const DRIVER_LABELS = {
  local: "This machine",
  docker: "Docker",
  kubernetes: "Kubernetes",
} satisfies Record<WorkspaceDriverName, string>;

/** Why a driver cannot be chosen; null: it can. */
const REFUSALS = {
  local: null,
  docker: "Not available in this version",
  kubernetes: "Not available in this version",
} satisfies Record<WorkspaceDriverName, string | null>;

const OPTIONS = (Object.keys(DRIVER_LABELS) as WorkspaceDriverName[]).map((value) => ({
  value,
  label: DRIVER_LABELS[value],
  hint: REFUSALS[value] ?? "A sandbox made by bubblewrap",
  disabled: REFUSALS[value] !== null,
}));

type DriverFieldProps = {
  driver: WorkspaceDriverName;
  isNew: boolean;
  onChange: (driver: WorkspaceDriverName) => void;
};

/** Where sandboxes run. Of an existing template it stays: its workspaces live there. */
export function DriverField({ driver, isNew, onChange }: DriverFieldProps) {
  return (
    <Field label="Runs on" hint={isNew ? undefined : "Stays as it is: its workspaces live there."}>
      <Select
        value={driver}
        disabled={!isNew}
        onValueChange={(value) => onChange(value as WorkspaceDriverName)}
        options={OPTIONS}
      />
    </Field>
  );
}
