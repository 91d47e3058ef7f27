import clsx from "clsx";
import type { ModelCost } from "@/lib/contract/costs";
import { formatCount, formatTokens } from "@/lib/format";
import { Table, TableCell, TableHead, TableRow } from "../ui/table";
import { CostFigure } from "./figures";
import { colorsOf } from "./series";

/** What each model cost, dearest first, in the order of the chart. */
export function ModelCostTable({ models }: { models: readonly ModelCost[] }) {
  const colors = colorsOf(models);
  return (
    <section aria-labelledby="by-model">
      <h2 id="by-model" className="mb-2 font-semibold text-ink">
        By model
      </h2>
      <Table label="Cost by model">
        <thead>
          <tr>
            <TableHead>Model</TableHead>
            <TableHead className="max-sm:hidden">Provider</TableHead>
            <TableHead numeric aria-sort="descending" className="text-ink">
              Cost
            </TableHead>
            <FigureHeads />
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <TableRow key={model.model_config_id}>
              <TableCell className="w-2/5 max-w-0 max-sm:w-full">
                <span className="flex min-w-0 items-center gap-2" title={model.model}>
                  <span
                    aria-hidden
                    className={clsx("size-2 shrink-0 rounded-xs bg-current", colors.get(model.model_config_id))}
                  />
                  <span className="truncate">{model.display_name}</span>
                </span>
              </TableCell>
              <TableCell className="max-sm:hidden">{model.provider_name}</TableCell>
              <TableCell numeric>
                <CostFigure cost={model} />
              </TableCell>
              <FigureCells row={model} />
            </TableRow>
          ))}
        </tbody>
      </Table>
    </section>
  );
}

/** On a phone a table keeps its first two columns. */
export function FigureHeads() {
  return ["Messages", "Input", "Output", "Cache Read", "Cache Write"].map((name) => (
    <TableHead key={name} numeric className="max-sm:hidden">
      {name}
    </TableHead>
  ));
}

type FigureRow = Pick<
  ModelCost,
  | "message_count"
  | "total_input_tokens"
  | "total_output_tokens"
  | "total_cache_read_tokens"
  | "total_cache_creation_tokens"
>;

export function FigureCells({ row, withMessages = true }: { row: FigureRow; withMessages?: boolean }) {
  const tokens = [
    ["input", row.total_input_tokens],
    ["output", row.total_output_tokens],
    ["read", row.total_cache_read_tokens],
    ["write", row.total_cache_creation_tokens],
  ] as const;
  return (
    <>
      {withMessages ? (
        <TableCell numeric className="max-sm:hidden">
          {formatCount(row.message_count)}
        </TableCell>
      ) : null}
      {tokens.map(([name, count]) => (
        <TableCell key={name} numeric title={`${formatCount(count)} tokens`} className="max-sm:hidden">
          {formatTokens(count)}
        </TableCell>
      ))}
    </>
  );
}
