"use client";

import type { ComponentProps } from "react";
import { Link } from "../ui/link";
import { useChatFilter } from "./use-chat-filter";

type AgentsLinkProps = Omit<ComponentProps<typeof Link>, "href"> & { href: string };

/** A link among the agents' pages: it takes the list's filter along. */
export function AgentsLink({ href, ...props }: AgentsLinkProps) {
  const { search } = useChatFilter();
  return <Link {...props} href={href + search} />;
}
