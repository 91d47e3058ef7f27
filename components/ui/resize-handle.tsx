"use client";

import clsx from "clsx";
import { type KeyboardEvent, type PointerEvent, useRef } from "react";

type ResizeHandleProps = {
  label: string;
  /** The edge of its parent, the resized box, on which the handle lies. */
  edge: "left" | "right";
  /** Pixels, as the box is now. */
  size: number;
  min: number;
  max: number;
  /** While dragging; the size may lie outside of the limits. */
  onDrag: (sizePx: number, pointerX: number) => void;
  /** The drag ended, or a key was pressed. */
  onCommit: (sizePx: number) => void;
  /** The drag was given up. */
  onCancel: () => void;
  /** Double click and Enter. */
  onReset: () => void;
  className?: string;
};

const KEY_STEP_PX = 16;

/** The edge between two columns, dragged by pointer or moved with the arrow keys. */
export function ResizeHandle(props: ResizeHandleProps) {
  const { edge, size, min, max } = props;
  const drag = useRef<{ startX: number; startSize: number; size: number } | null>(null);
  const direction = edge === "left" ? -1 : 1;

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    // As it is drawn: a narrow window may show the box smaller than it was set.
    const startSize = event.currentTarget.parentElement?.offsetWidth ?? size;
    drag.current = { startX: event.clientX, startSize, size: startSize };
  }

  function onPointerMove(event: PointerEvent) {
    const current = drag.current;
    if (!current) return;
    current.size = current.startSize + direction * (event.clientX - current.startX);
    props.onDrag(current.size, event.clientX);
  }

  function end(isKept: boolean) {
    const current = drag.current;
    drag.current = null;
    if (!current || current.size === current.startSize) return;
    if (isKept) props.onCommit(current.size);
    else props.onCancel();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape" && drag.current) return end(false);
    const next = sizeByKey(event.key, { size, min, max, step: direction * KEY_STEP_PX });
    if (next === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (next === undefined) props.onReset();
    else props.onCommit(Math.min(max, Math.max(min, next)));
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule between paragraphs cannot be moved
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={props.label}
      aria-valuenow={Math.round(size)}
      aria-valuemin={min}
      aria-valuemax={Math.max(min, Math.round(max))}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => end(true)}
      onPointerCancel={() => end(false)}
      onDoubleClick={props.onReset}
      onKeyDown={onKeyDown}
      className={clsx(
        "group/handle absolute inset-y-0 z-10 w-2 cursor-col-resize touch-none outline-none",
        edge === "left" ? "-left-1" : "-right-1",
        props.className,
      )}
    >
      <span
        aria-hidden
        className={clsx(
          "absolute inset-y-0 w-0.5 transition-colors duration-(--duration-instant) group-hover/handle:bg-line-strong group-focus-visible/handle:bg-focus group-active/handle:bg-focus",
          edge === "left" ? "left-[3px]" : "right-[3px]",
        )}
      />
    </div>
  );
}

function sizeByKey(
  key: string,
  { size, min, max, step }: { size: number; min: number; max: number; step: number },
): number | undefined {
  switch (key) {
    case "ArrowRight":
      return size + step;
    case "ArrowLeft":
      return size - step;
    case "Home":
      return min;
    case "End":
      return max;
    default:
      return undefined;
  }
}
