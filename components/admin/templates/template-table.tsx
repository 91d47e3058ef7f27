"use client";

import type { ListedTemplate } from "@/lib/contract/workspaces";
import { formatBytes, formatCount, formatPlural } from "@/lib/format";
import { Badge } from "../../ui/badge";
import { Switch } from "../../ui/switch";
import { Table, TableCell, TableHead, TableRow } from "../../ui/table";
import { DRIVER_LABELS } from "./driver-field";
import { DEFAULT_MAX_PROCESSES, DEFAULT_MEMORY_MB } from "./template-form";

type TemplateTableProps = {
  templates: readonly ListedTemplate[];
  selectedId: string | null;
  /** A panel stands beside it: what the panel says as well is left out. */
  isCompact: boolean;
  onOpen: (template: ListedTemplate) => void;
  onEnable: (template: ListedTemplate, enabled: boolean) => void;
};

/** Columns that a small screen leaves to the panel. */
const wide = "max-md:hidden";
const BYTES_PER_MB = 1_048_576;

/** All templates, the oldest first. */
export function TemplateTable({ templates, selectedId, isCompact, ...acts }: TemplateTableProps) {
  const defaultId = templates.find((template) => template.enabled)?.id;
  return (
    <Table label="Templates">
      <thead>
        <tr>
          <TableHead>Template</TableHead>
          {isCompact ? null : <TableHead className={wide}>Runs on</TableHead>}
          <TableHead className={wide}>Repository</TableHead>
          <TableHead numeric className={wide}>
            Hosts
          </TableHead>
          <TableHead numeric className={wide}>
            Limits
          </TableHead>
          {isCompact ? null : (
            <TableHead numeric className="max-sm:hidden">
              Workspaces
            </TableHead>
          )}
          <TableHead numeric>Enabled</TableHead>
        </tr>
      </thead>
      <tbody>
        {templates.map((template) => (
          <TemplateRow
            key={template.id}
            template={template}
            isDefault={template.id === defaultId}
            isSelected={template.id === selectedId}
            isCompact={isCompact}
            {...acts}
          />
        ))}
      </tbody>
    </Table>
  );
}

type TemplateRowProps = Pick<TemplateTableProps, "isCompact" | "onOpen" | "onEnable"> & {
  template: ListedTemplate;
  isDefault: boolean;
  isSelected: boolean;
};

function TemplateRow({ template, isDefault, isSelected, isCompact, onOpen, onEnable }: TemplateRowProps) {
  const { config } = template;
  return (
    <TableRow selected={isSelected} className="cursor-pointer" onClick={() => onOpen(template)}>
      <TableCell className="h-12 w-full max-w-0 sm:min-w-48">
        <button
          type="button"
          aria-expanded={isSelected}
          onClick={(event) => {
            event.stopPropagation();
            onOpen(template);
          }}
          className="block w-full min-w-0 rounded-xs text-left"
        >
          <span className="flex items-center gap-2 leading-4.5">
            <span className="truncate font-medium">{template.name}</span>
            {isDefault ? <Badge>Default</Badge> : null}
          </span>
          <span className="block truncate text-ink-3 text-sm">{template.description || "No description"}</span>
        </button>
      </TableCell>
      {isCompact ? null : <TableCell className={wide}>{DRIVER_LABELS[template.driver]}</TableCell>}
      <TableCell className={`${wide} max-w-60 truncate`} title={config.repository}>
        {config.repository ? shortAddress(config.repository) : <span className="text-ink-3">None</span>}
      </TableCell>
      <TableCell numeric className={wide}>
        {formatCount(config.allowed_hosts?.length ?? 0)}
      </TableCell>
      <TableCell numeric className={wide}>
        {formatBytes((config.memory_mb ?? DEFAULT_MEMORY_MB) * BYTES_PER_MB)}
        <span className="block text-ink-3 text-sm">
          {formatPlural(config.max_processes ?? DEFAULT_MAX_PROCESSES, "process", "processes")}
        </span>
      </TableCell>
      {isCompact ? null : (
        <TableCell numeric className="max-sm:hidden">
          {formatCount(template.workspace_count ?? 0)}
        </TableCell>
      )}
      <TableCell numeric>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: keeps a press on the switch from opening the row */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the switch inside has its own keys */}
        <span onClick={(event) => event.stopPropagation()}>
          <Switch
            checked={template.enabled}
            aria-label={`${template.name} enabled`}
            onCheckedChange={(enabled) => onEnable(template, enabled)}
          />
        </span>
      </TableCell>
    </TableRow>
  );
}

/** `https://github.com/owner/name.git` → `github.com/owner/name`. */
const shortAddress = (address: string): string => address.replace(/^[a-z+]+:\/\//, "").replace(/\.git\/?$/, "");
