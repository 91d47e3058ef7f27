"use client";

import { FolderGit2 } from "lucide-react";
import type { ReactNode } from "react";
import { AgentsLink } from "../agents-sidebar/agents-link";
import { BackLink } from "./back-link";
import { revealHidden } from "./hidden-characters";
import { shortRepository } from "./place";

type ChatTopBarProps = {
  title: string;
  parent: { id: string; title: string } | null;
  repository: string | null;
  branch: string | null;
  /** Before the title: what opens a hidden sidebar. */
  lead?: ReactNode;
  /** After the title: what can be done to the chat. */
  menu?: ReactNode;
  /** Beside the repository: its pull request. */
  pullRequest?: ReactNode;
  /** At the end: what opens the panel. */
  trail?: ReactNode;
};

/** Where a person is: the agent's title, what can be done to it, its repository. */
export function ChatTopBar({ title, parent, repository, branch, lead, menu, pullRequest, trail }: ChatTopBarProps) {
  return (
    <header className="flex h-(--bar) shrink-0 items-center gap-2 border-line border-b pr-3 pl-5 max-sm:pl-2">
      <BackLink />
      {lead}
      {parent ? (
        <AgentsLink
          href={`/agents/${parent.id}`}
          className="max-w-48 truncate text-ink-3 text-md hover:text-ink max-sm:hidden"
        >
          {revealHidden(parent.title)} /
        </AgentsLink>
      ) : null}
      <h1 aria-live="polite" className="min-w-0 truncate font-medium text-ink text-md">
        <bdi>{title}</bdi>
      </h1>
      <span className="shrink-0 max-sm:order-last">{menu}</span>
      <span className="flex-1" />
      {repository ? (
        <span
          title={branch ? `${repository}, branch ${branch}` : repository}
          className="flex min-w-0 max-w-72 items-center gap-1.5 text-ink-3 text-sm max-sm:hidden"
        >
          <FolderGit2 aria-hidden className="size-3.5" />
          <span className="truncate">{shortRepository(repository)}</span>
          {branch ? <span className="shrink-0 max-w-32 truncate">· {branch}</span> : null}
        </span>
      ) : null}
      {pullRequest}
      {trail}
    </header>
  );
}
