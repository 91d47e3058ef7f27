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
  return (
    <th
      scope="col"
      {...props}
      className={clsx(
        "h-8 whitespace-nowrap border-line border-b px-3 font-medium text-ink-3 text-sm first:pl-4 last:pr-4",
        numeric ? "text-right" : "text-left",
        className,
      )}
    />
  );
}

export function TableRow({ className, selected, ...props }: ComponentProps<"tr"> & { selected?: boolean }) {
  return (
    <tr
      {...props}
      className={clsx("border-line border-b last:border-b-0 hover:bg-hover", selected && "bg-hover", className)}
    />
  );
}

export function TableCell({ className, numeric, ...props }: ComponentProps<"td"> & { numeric?: boolean }) {
  return (
    <td
      {...props}
      className={clsx(
        "h-10 whitespace-nowrap px-3 text-ink-2 first:pl-4 first:text-ink last:pr-4",
        numeric && "text-right",
        className,
      )}
    />
  );
}
