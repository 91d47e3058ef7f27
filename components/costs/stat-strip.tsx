import type { ReactNode } from "react";

export type Stat = { label: string; figure: ReactNode; note: string; exact: string };

/** Cells of the same width in one border: six in a row, three below 1024, two below 640. */
export function StatStrip({ label, stats }: { label: string; stats: readonly Stat[] }) {
  return (
    <section aria-label={label} className="overflow-hidden rounded-md border border-line bg-line">
      <dl
        className="grid grid-cols-2 gap-px sm:grid-cols-3 lg:grid-cols-(--stats)"
        style={{ "--stats": `repeat(${stats.length}, minmax(0, 1fr))` } as React.CSSProperties}
      >
        {stats.map(({ label, figure, note, exact }) => (
          <div key={label} className="flex min-w-0 flex-col bg-raised px-4 pt-3 pb-3.5">
            <dt className="truncate text-ink-3 text-sm">{label}</dt>
            <dd title={exact} className="truncate font-semibold text-2xl text-ink tabular-nums tracking-tight">
              {figure}
            </dd>
            <dd className="text-ink-3 text-sm tabular-nums">{note}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
