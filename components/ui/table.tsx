import clsx from "clsx";
import type { ComponentProps } from "react";

/** A bordered table with horizontal rules only; it scrolls sideways inside its own named region. */
export function Table({ label, className, ...props }: ComponentProps<"table"> & { label: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line bg-raised"
    >
      <table {...props} className={clsx("w-full border-collapse tabular-nums", className)} />
    </section>
  );
}

export function TableHead({ className, numeric, ...props }: ComponentProps<"th"> & { numeric?: boolean }) {
  return <th scope="col" {...props} className={clsx("head-cell", numeric ? "text-right" : "text-left", className)} />;
}

export function TableRow({ className, selected, ...props }: ComponentProps<"tr"> & { selected?: boolean }) {
  return <tr {...props} className={clsx("body-row", selected && "bg-hover", className)} />;
}

export function TableCell({ className, numeric, ...props }: ComponentProps<"td"> & { numeric?: boolean }) {
  return <td {...props} className={clsx("body-cell", numeric && "text-right", className)} />;
}
