"use client";

import { Ellipsis } from "lucide-react";
import type { AdministeredWorkspace, AdministratorsTransition, BuildStatus } from "@/lib/contract/workspaces";
import { formatCount } from "@/lib/format";
import { BUILD_STATUS_LABELS } from "../../build-status";
import { Badge, type BadgeTone } from "../../ui/badge";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from "../../ui/dropdown-menu";
import { IconButton } from "../../ui/icon-button";
import { RelativeTime } from "../../ui/relative-time";
import { Table, TableCell, TableHead, TableRow } from "../../ui/table";
import { isChanging } from "./use-workspace-admin";

type OnEnd = (workspace: AdministeredWorkspace, transition: AdministratorsTransition) => void;

const TONES: Partial<Record<BuildStatus, BadgeTone>> = { running: "success", failed: "danger" };

/** All workspaces, the newest first. */
export function WorkspaceTable(props: { workspaces: readonly AdministeredWorkspace[]; onEnd: OnEnd }) {
  return (
    <Table label="Workspaces">
      <thead>
        <tr>
          <TableHead>Workspace</TableHead>
          <TableHead>State</TableHead>
          <TableHead className="max-md:hidden">Template</TableHead>
          <TableHead numeric className="max-md:hidden">
            Chats
          </TableHead>
          <TableHead className="max-sm:hidden">Last used</TableHead>
          <TableHead className="max-md:hidden">Created</TableHead>
          <TableHead>
            <span className="sr-only">Actions</span>
          </TableHead>
        </tr>
      </thead>
      <tbody>
        {props.workspaces.map((workspace) => (
          <WorkspaceRow key={workspace.id} workspace={workspace} onEnd={props.onEnd} />
        ))}
      </tbody>
    </Table>
  );
}

function WorkspaceRow({ workspace, onEnd }: { workspace: AdministeredWorkspace; onEnd: OnEnd }) {
  const { status, chat_count: chats, active_chat_count: active } = workspace;
  return (
    <TableRow>
      <TableCell className="h-12 w-full max-w-0">
        <span className="block truncate font-medium leading-4.5">{workspace.name}</span>
        <span className="block truncate text-ink-3 text-sm">{workspace.owner_username}</span>
      </TableCell>
      <TableCell>
        <Badge tone={TONES[status] ?? "neutral"}>{BUILD_STATUS_LABELS[status]}</Badge>
      </TableCell>
      <TableCell className="max-md:hidden">{workspace.template_name}</TableCell>
      <TableCell numeric className="max-md:hidden">
        {formatCount(chats)}
        {active > 0 ? <span className="text-ink-3">, {formatCount(active)} working</span> : null}
      </TableCell>
      <TableCell className="max-sm:hidden">
        {workspace.last_used_at ? <RelativeTime at={workspace.last_used_at} /> : "Never"}
      </TableCell>
      <TableCell className="max-md:hidden">
        <RelativeTime at={workspace.created_at} />
      </TableCell>
      <TableCell className="w-8 pl-0">
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <IconButton icon={Ellipsis} label={`Actions for ${workspace.name}`} size="sm" />
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            <DropdownMenuItem
              reason={status === "running" ? null : "It does not run"}
              onSelect={() => onEnd(workspace, "stop")}
            >
              Stop
            </DropdownMenuItem>
            <DropdownMenuItem
              danger
              reason={isChanging(workspace) ? "It is changing; wait a moment" : null}
              onSelect={() => onEnd(workspace, "delete")}
            >
              Delete
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      </TableCell>
    </TableRow>
  );
}
