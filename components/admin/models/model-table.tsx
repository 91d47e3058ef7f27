"use client";

import clsx from "clsx";
import { Star } from "lucide-react";
import type { ModelConfig, Pricing, Provider } from "@/lib/contract/models";
import { formatPrice, formatTokenLimit } from "@/lib/format";
import { Badge } from "../../ui/badge";
import { Switch } from "../../ui/switch";
import { Table, TableCell, TableHead, TableRow } from "../../ui/table";
import { Tooltip } from "../../ui/tooltip";
import { NoModelRow, type ProviderActs, ProviderRow } from "./provider-row";
import type { TestResult } from "./use-provider-tests";

type ModelActs = {
  onOpen: (config: ModelConfig) => void;
  onEnable: (config: ModelConfig, enabled: boolean) => void;
  onDefault: (config: ModelConfig) => void;
};

type ModelTableProps = ModelActs &
  ProviderActs & {
    providers: readonly Provider[];
    configs: readonly ModelConfig[];
    tests: Readonly<Record<string, TestResult>>;
    selectedId: string | null;
  };

/** Columns that a phone leaves to the panel. */
const wide = "max-md:hidden";

/** All models under their providers. */
export function ModelTable({ providers, configs, tests, selectedId, ...acts }: ModelTableProps) {
  return (
    <Table label="Models">
      <thead>
        <tr>
          <TableHead>Model</TableHead>
          <TableHead numeric className={wide}>
            Context
          </TableHead>
          <TableHead numeric className={wide}>
            Input
          </TableHead>
          <TableHead numeric className={wide}>
            Output
          </TableHead>
          <TableHead numeric className={wide}>
            Cache Read
          </TableHead>
          <TableHead numeric className={wide}>
            Cache Write
          </TableHead>
          <TableHead numeric>Enabled</TableHead>
        </tr>
      </thead>
      {providers.map((provider) => (
        <tbody key={provider.id} className="border-line border-b last:border-b-0">
          <ProviderRow provider={provider} test={tests[provider.id]} {...acts} />
          {configs.every((config) => config.provider_id !== provider.id) ? (
            <NoModelRow onAdd={() => acts.onAddModel(provider)} />
          ) : null}
          {configs
            .filter((config) => config.provider_id === provider.id)
            .map((config) => (
              <ModelRow key={config.id} config={config} isSelected={config.id === selectedId} {...acts} />
            ))}
        </tbody>
      ))}
    </Table>
  );
}

function ModelRow({ config, isSelected, ...acts }: ModelActs & { config: ModelConfig; isSelected: boolean }) {
  return (
    <TableRow selected={isSelected} className="cursor-pointer" onClick={() => acts.onOpen(config)}>
      <TableCell className="h-12">
        <span className="flex items-center gap-2">
          <DefaultStar config={config} onDefault={acts.onDefault} />
          <button
            type="button"
            aria-expanded={isSelected}
            onClick={(event) => {
              event.stopPropagation();
              acts.onOpen(config);
            }}
            className="min-w-0 rounded-xs text-left"
          >
            <span className="block truncate font-medium leading-4.5">{config.display_name}</span>
            {config.model === config.display_name ? null : (
              <code className="block truncate text-ink-3 text-xs">{config.model}</code>
            )}
          </button>
          {isUnpriced(config.pricing) ? (
            <Badge tone="warning" className="md:hidden">
              Unpriced
            </Badge>
          ) : null}
        </span>
      </TableCell>
      <TableCell numeric className={wide}>
        {formatTokenLimit(config.context_limit)}
      </TableCell>
      <PriceCells pricing={config.pricing} />
      <TableCell numeric>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: keeps a press on the switch from opening the row */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the switch inside has its own keys */}
        <span onClick={(event) => event.stopPropagation()}>
          <Switch
            checked={config.enabled}
            aria-label={`${config.display_name} enabled`}
            onCheckedChange={(enabled) => acts.onEnable(config, enabled)}
          />
        </span>
      </TableCell>
    </TableRow>
  );
}

function DefaultStar({ config, onDefault }: { config: ModelConfig; onDefault: ModelActs["onDefault"] }) {
  const label = config.is_default ? "Default model" : `Make ${config.display_name} the default`;
  return (
    <Tooltip label={label}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={config.is_default}
        onClick={(event) => {
          event.stopPropagation();
          if (!config.is_default) onDefault(config);
        }}
        className={clsx(
          "-m-1 grid size-6 shrink-0 place-items-center rounded-xs",
          config.is_default ? "text-ink [&>svg]:fill-current" : "text-ink-3 hover:text-ink",
        )}
      >
        <Star aria-hidden />
      </button>
    </Tooltip>
  );
}

/** As the server says of a model that is offered: what its calls cost is unknown. */
const isUnpriced = ({ input_price_per_million: input, output_price_per_million: output }: Pricing): boolean =>
  input === null || output === null;

/** Unpriced is said once; a missing single price is `n/a`, and a warning where no call can do without it. */
function PriceCells({ pricing }: { pricing: Pricing }) {
  const prices = [
    pricing.input_price_per_million,
    pricing.output_price_per_million,
    pricing.cache_read_price_per_million,
    pricing.cache_write_price_per_million,
  ];
  if (prices.every((price) => price === null)) {
    return (
      <TableCell numeric colSpan={4} className={wide}>
        <Badge tone="warning">Unpriced</Badge>
      </TableCell>
    );
  }
  const names = ["input", "output", "cache-read", "cache-write"];
  return prices.map((price, index) => (
    <TableCell
      numeric
      key={names[index]}
      className={clsx(wide, price === null && (index < 2 ? "text-warning" : "text-ink-3"))}
    >
      {formatPrice(price)}
    </TableCell>
  ));
}
