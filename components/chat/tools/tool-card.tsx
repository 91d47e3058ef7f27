"use client";

import clsx from "clsx";
import { ChevronDown, ChevronRight, type LucideIcon, TriangleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { revealHidden } from "../hidden-characters";
import { LongText } from "../parts/long-text";
import { readErrorText } from "../tool-data";
import { useKeptOpen } from "../use-kept-open";
import { usePhone } from "../use-phone";
import type { ToolState } from "./tool-call";

type ToolCardProps = {
  icon: LucideIcon;
  state: ToolState;
  /** Of the icon; by the state when absent. */
  iconClassName?: string;
  verb: string;
  /** The verb is a title. */
  isTitle?: boolean;
  /** What it acts on; drawn as code. */
  object?: ReactNode;
  /** Right of the object, for example `+14 −3`. */
  note?: ReactNode;
  /** At the right: result and time. */
  meta?: ReactNode;
  /** A button or link of its own, beside the head. */
  action?: ReactNode;
  /** Absent: the head alone. */
  children?: ReactNode;
  defaultOpen?: boolean;
  /** On a phone only what failed or runs is open by itself. */
  openOnPhone?: boolean;
  /** Its name among the cards of its row, when there are several. */
  slot?: string;
};

/** On a phone a title keeps its line, and what is said of it stands below. */
const BELOW_ON_PHONE = "max-sm:order-last max-sm:-mt-2 max-sm:ml-6 max-sm:basis-full max-sm:pb-1.5";

/** A tool with a body worth seeing. On a phone a closed card is a work line. */
export function ToolCard(props: ToolCardProps) {
  const { icon: Icon, state, children, openOnPhone = false } = props;
  const isPhone = usePhone();
  const [chosen, choose] = useKeptOpen(`card/${props.slot ?? ""}`);
  const bodyId = useId();
  const isOpen = Boolean(children) && (chosen ?? ((props.defaultOpen ?? false) && (!isPhone || openOnPhone)));
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const head = (
    <>
      {state === "failed" ? (
        <TriangleAlert aria-label="Failed" className="text-danger" />
      ) : (
        <Icon aria-hidden className={props.iconClassName ?? (state === "running" ? "text-accent" : "text-ink-3")} />
      )}
      <span
        className={props.isTitle ? "min-w-0 truncate font-medium text-ink max-sm:flex-1 max-sm:basis-0" : "shrink-0"}
      >
        {props.verb}
      </span>
      {props.object ? <code className="min-w-0 truncate text-ink text-sm">{props.object}</code> : null}
      {props.note ? (
        <span className={clsx("ml-1 min-w-0 truncate text-sm", props.isTitle && BELOW_ON_PHONE)}>{props.note}</span>
      ) : null}
      <span className="ml-auto flex shrink-0 items-center gap-2 pl-2 text-ink-3 text-sm tabular-nums">
        {props.meta}
      </span>
      {children ? (
        <span className="inline-flex size-6 shrink-0 items-center justify-center">
          <Chevron aria-hidden className="text-ink-3" />
        </span>
      ) : null}
    </>
  );
  const wraps = props.isTitle && props.note ? "max-sm:flex-wrap" : undefined;
  const look =
    "flex min-h-9 w-full min-w-0 items-center gap-2 pr-2 pl-3 text-left text-ink-2 text-md max-sm:min-h-11 max-sm:group-data-closed/tool:min-h-9 max-sm:group-data-closed/tool:px-0";
  return (
    <div
      data-closed={isOpen ? undefined : ""}
      className="group/tool overflow-hidden rounded-md border border-line bg-raised max-sm:data-closed:rounded-none max-sm:data-closed:border-transparent max-sm:data-closed:bg-transparent"
    >
      <div className="flex items-center">
        {children ? (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={bodyId}
            onClick={() => choose(!isOpen)}
            className={clsx(look, wraps, "focus-ring-inset rounded-md hover:bg-hover/60 max-sm:hover:bg-transparent")}
          >
            {head}
          </button>
        ) : (
          <div className={clsx(look, wraps)}>{head}</div>
        )}
        {props.action ? <span className="shrink-0 pr-2">{props.action}</span> : null}
      </div>
      <div id={bodyId} hidden={!isOpen}>
        {isOpen ? children : null}
      </div>
    </div>
  );
}

/** The sunken body of a card: what failed, as text. */
export function ToolErrorBody({ result }: { result: unknown }) {
  return (
    <LongText
      text={revealHidden(readErrorText(result))}
      className="wrap-anywhere max-h-64 overflow-auto whitespace-pre-wrap border-line border-t bg-sunken px-3 py-2 font-mono text-danger text-sm leading-(--leading-code)"
    />
  );
}

/** A 28 px row at the foot of a body. */
export function ToolFootRow({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-7 items-center gap-1.5 border-line border-t bg-sunken px-3 py-1 text-ink-3 text-sm">
      {children}
    </div>
  );
}
