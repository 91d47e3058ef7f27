import { formatTokenLimit, formatTokens } from "@/lib/format";

const RADIUS = 6.25;
const LENGTH = 2 * Math.PI * RADIUS;

/** How full the model's context is. Unknown is an empty ring and `--`. */
export function ContextRing({ tokens, limit }: { tokens: number | null; limit: number | null }) {
  const share = tokens === null || !limit ? null : Math.min(1, tokens / limit);
  const percent = share === null ? "--" : `${Math.round(share * 100)}%`;
  const label =
    share === null
      ? "Context: not known yet"
      : `Context: ${formatTokens(tokens)} of ${formatTokenLimit(limit ?? 0)} tokens`;
  return (
    <span title={label} className="inline-flex shrink-0 items-center gap-1.5 px-2 text-ink-3 text-sm tabular-nums">
      <span className="hidden-text">{label}</span>
      <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 -rotate-90" fill="none" strokeWidth={2.5}>
        <circle cx="8" cy="8" r={RADIUS} className="stroke-n-6" />
        {share === null ? null : (
          <circle
            cx="8"
            cy="8"
            r={RADIUS}
            className={ringColour(share)}
            strokeLinecap="round"
            strokeDasharray={`${share * LENGTH} ${LENGTH}`}
          />
        )}
      </svg>
      <span aria-hidden className="max-sm:hidden">
        {percent}
      </span>
    </span>
  );
}

function ringColour(share: number): string {
  if (share >= 0.95) return "stroke-danger";
  return share >= 0.85 ? "stroke-warning" : "stroke-accent";
}
