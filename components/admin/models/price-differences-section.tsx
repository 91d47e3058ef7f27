"use client";

import { ArrowRight, ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { formatPlural } from "@/lib/format";
import { Button } from "../../ui/button";
import type { PriceDifference } from "./price-differences";

type PriceDifferencesSectionProps = {
  differences: readonly PriceDifference[];
  onAdopt: (differences: readonly PriceDifference[]) => void;
};

/** Where prices are not those of the price list. Quiet, since they may be meant; nothing is adopted without a press. */
export function PriceDifferencesSection({ differences, onAdopt }: PriceDifferencesSectionProps) {
  const [isOpen, setOpen] = useState(false);
  if (differences.length === 0) return null;
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <section aria-label="Differences from the price list" className="mb-4 rounded-md border border-line bg-raised">
      <div className="flex min-h-11 flex-wrap items-center gap-2 py-1.5 pr-2 pl-1.5">
        <Button variant="ghost" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Chevron aria-hidden />
          {formatPlural(differences.length, "model")} priced unlike the price list
        </Button>
        {isOpen && differences.length > 1 ? (
          <Button className="ml-auto" onClick={() => onAdopt(differences)}>
            Adopt all
          </Button>
        ) : null}
      </div>
      {isOpen ? (
        <ul className="border-line border-t">
          {differences.map((difference) => (
            <Difference key={difference.config.id} difference={difference} onAdopt={() => onAdopt([difference])} />
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function Difference({ difference, onAdopt }: { difference: PriceDifference; onAdopt: () => void }) {
  const { config, changes } = difference;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 border-line border-b py-2 pr-2 pl-4 last:border-b-0">
      <span className="w-48 min-w-0 truncate font-medium">{config.display_name}</span>
      <ul className="grid min-w-0 flex-1 basis-64 gap-0.5 text-ink-2 text-sm tabular-nums">
        {changes.map(({ label, from, to }) => (
          <li key={label} className="wrap-anywhere">
            {label}: {from} <ArrowRight aria-hidden className="inline size-3.5 text-ink-3" />
            <span className="hidden-text">becomes</span> {to}
          </li>
        ))}
      </ul>
      <Button aria-label={`Adopt the list's prices for ${config.display_name}`} onClick={onAdopt}>
        Adopt
      </Button>
    </li>
  );
}
