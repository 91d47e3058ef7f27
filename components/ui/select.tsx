"use client";

import { lazy, Suspense, useState } from "react";
import { useFieldControl } from "./field";
import { SelectFace } from "./select-face";
import type { SelectProps } from "./select-list";

const load = () => import("./select-list");
const SelectList = lazy(async () => ({ default: (await load()).SelectList }));

const OPENING_KEYS = ["ArrowDown", "ArrowUp"];

/** One of a few named values. Inside a `Field` it takes its id and description from there. Its list loads at first use. */
export function Select(props: SelectProps) {
  const [isUsed, setUsed] = useState(false);
  const control = useFieldControl();
  const chosen = props.options.find((option) => option.value === props.value);
  const face = (
    <SelectFace
      {...control}
      role="combobox"
      aria-expanded={false}
      aria-haspopup="listbox"
      aria-label={props.label}
      disabled={props.disabled}
      className={props.className}
      text={chosen?.label}
      placeholder={props.placeholder}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setUsed(true)}
      onKeyDown={(event) => OPENING_KEYS.includes(event.key) && setUsed(true)}
    />
  );
  if (!isUsed) return face;
  return (
    <Suspense fallback={face}>
      <SelectList {...props} />
    </Suspense>
  );
}
