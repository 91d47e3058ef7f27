"use client";

import clsx from "clsx";
import { ChevronDown, ChevronRight } from "lucide-react";
import { Collapsible } from "radix-ui";
import { type ReactNode, useState } from "react";

type DisclosureProps = {
  /** The line that opens it. */
  summary: ReactNode;
  children: ReactNode;
  defaultOpen?: boolean;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  summaryClassName?: string;
};

/** A line that opens what is below it. The body is not rendered while closed. */
export function Disclosure(props: DisclosureProps) {
  const [own, setOwn] = useState(props.defaultOpen ?? false);
  const open = props.open ?? own;
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <Collapsible.Root
      open={open}
      onOpenChange={(next) => {
        setOwn(next);
        props.onOpenChange?.(next);
      }}
      className={props.className}
    >
      <Collapsible.Trigger
        className={clsx("flex w-full items-center gap-2 rounded-sm text-left text-ink-3", props.summaryClassName)}
      >
        {props.summary}
        <Chevron aria-hidden className="size-3.5" />
      </Collapsible.Trigger>
      <Collapsible.Content className="data-[state=open]:animate-appear">{props.children}</Collapsible.Content>
    </Collapsible.Root>
  );
}
