"use client";

import clsx from "clsx";
import { Boxes, ChevronDown, FolderGit2, GitBranch, LayoutTemplate, type LucideIcon } from "lucide-react";
import { type ComponentProps, lazy, type ReactNode, Suspense, useState } from "react";
import type { Template } from "@/lib/contract/workspaces";
import { BUILD_STATUS_LABELS } from "../build-status";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from "../ui/dropdown-menu";
import {
  knownBranches,
  knownRepositories,
  type Place,
  type PlaceWorkspace,
  shortRepository,
  toRepositoryAddress,
} from "./place";

type PlacePickersProps = {
  place: Place;
  onChange: (place: Place) => void;
  workspaces: readonly PlaceWorkspace[];
  templates: readonly Pick<Template, "id" | "name" | "description">[];
  recentRepositories: readonly string[];
};

/** Where the agent works. A workspace that is there has its repository, branch and template already. */
export function PlacePickers(props: PlacePickersProps) {
  const { place, onChange, workspaces, templates } = props;
  const isNew = place.workspaceId === null;
  return (
    <fieldset aria-label="Where the agent works" className="mb-2 flex flex-wrap gap-1.5">
      {workspaces.length > 0 ? (
        <WorkspacePicker
          workspaces={workspaces}
          workspaceId={place.workspaceId}
          onPick={(workspaceId) => onChange({ ...place, workspaceId })}
        />
      ) : null}
      {isNew ? (
        <>
          <TextPicker
            icon={FolderGit2}
            label="Repository"
            value={place.repository}
            shown={place.repository ? shortRepository(place.repository) : undefined}
            none="No repository"
            placeholder="owner/name, or an address"
            options={knownRepositories(props.recentRepositories, workspaces)}
            onPick={(text) => onChange({ ...place, repository: toRepositoryAddress(text), branch: "" })}
          />
          {place.repository ? (
            <TextPicker
              icon={GitBranch}
              label="Branch"
              value={place.branch}
              shown={place.branch || undefined}
              none="Default branch"
              placeholder="Name of a branch"
              options={knownBranches(place.repository, workspaces)}
              onPick={(branch) => onChange({ ...place, branch: branch.trim() })}
            />
          ) : null}
          {templates.length > 1 ? (
            <TemplatePicker
              templates={templates}
              templateId={place.templateId}
              onPick={(templateId) => onChange({ ...place, templateId })}
            />
          ) : null}
        </>
      ) : null}
    </fieldset>
  );
}

type ChipProps = ComponentProps<"button"> & { icon: LucideIcon; isChosen?: boolean; children: ReactNode };

function Chip({ icon: Icon, isChosen = true, children, ...props }: ChipProps) {
  return (
    <button
      type="button"
      {...props}
      className="inline-flex h-(--control-md) min-w-0 max-w-72 items-center gap-1.5 rounded-sm border border-line-2 bg-raised pr-1.5 pl-2 font-medium text-md hover:bg-hover data-[state=open]:bg-active max-sm:max-w-full pointer-coarse:h-9"
    >
      <Icon aria-hidden className="shrink-0 text-ink-3" />
      <span className={clsx("truncate", isChosen ? "text-ink" : "text-ink-2")}>{children}</span>
      <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
    </button>
  );
}

const NEW_WORKSPACE = "new";

type WorkspacePickerProps = {
  workspaces: readonly PlaceWorkspace[];
  workspaceId: string | null;
  onPick: (workspaceId: string | null) => void;
};

function WorkspacePicker({ workspaces, workspaceId, onPick }: WorkspacePickerProps) {
  const chosen = workspaces.find(({ id }) => id === workspaceId);
  const name = chosen?.name ?? "New workspace";
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Chip icon={Boxes} aria-label={`Workspace: ${name}`}>
          {name}
        </Chip>
      </DropdownMenuTrigger>
      <DropdownMenuContent aria-label="Workspace">
        <DropdownMenuRadioGroup
          value={workspaceId ?? NEW_WORKSPACE}
          onValueChange={(value) => onPick(value === NEW_WORKSPACE ? null : value)}
        >
          <DropdownMenuRadioItem value={NEW_WORKSPACE} hint="A sandbox of its own">
            New workspace
          </DropdownMenuRadioItem>
          {workspaces.map((workspace) => (
            <DropdownMenuRadioItem key={workspace.id} value={workspace.id} hint={describeWorkspace(workspace)}>
              {workspace.name}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function describeWorkspace({ repository, branch, status }: PlaceWorkspace): string {
  const source = repository ? shortRepository(repository) : "Empty";
  return [source, branch, BUILD_STATUS_LABELS[status]].filter(Boolean).join(" · ");
}

type TemplatePickerProps = Pick<PlacePickersProps, "templates"> & {
  templateId: string | undefined;
  onPick: (templateId: string) => void;
};

function TemplatePicker({ templates, templateId, onPick }: TemplatePickerProps) {
  const name = templates.find(({ id }) => id === templateId)?.name ?? "Template";
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Chip icon={LayoutTemplate} aria-label={`Template: ${name}`}>
          {name}
        </Chip>
      </DropdownMenuTrigger>
      <DropdownMenuContent aria-label="Template">
        <DropdownMenuRadioGroup value={templateId} onValueChange={onPick}>
          {templates.map((template) => (
            <DropdownMenuRadioItem key={template.id} value={template.id} hint={template.description || undefined}>
              {template.name}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

const loadPopover = () => import("./text-popover");
const TextPopover = lazy(async () => ({ default: (await loadPopover()).TextPopover }));

type TextPickerProps = {
  icon: LucideIcon;
  label: string;
  value: string;
  /** What is chosen, in short; undefined: nothing. */
  shown: string | undefined;
  /** What stands there then. */
  none: string;
  placeholder: string;
  options: readonly string[];
  onPick: (text: string) => void;
};

/** A text that is typed or chosen from what was used before. */
function TextPicker({ icon, shown, ...choice }: TextPickerProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <span className="relative flex min-w-0">
      <Chip
        icon={icon}
        isChosen={shown !== undefined}
        aria-label={`${choice.label}: ${shown ?? choice.none}`}
        title={choice.value || undefined}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        data-state={isOpen ? "open" : "closed"}
        onPointerEnter={() => void loadPopover()}
        onFocus={() => void loadPopover()}
        onClick={() => setOpen(true)}
      >
        {shown ?? choice.none}
      </Chip>
      {isOpen ? (
        <Suspense>
          <TextPopover {...choice} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </span>
  );
}
