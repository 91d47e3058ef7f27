"use client";

import { Ellipsis } from "lucide-react";
import type { Provider } from "@/lib/contract/models";
import { PROVIDER_FACTS } from "@/lib/contract/provider-types";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "../../ui/dropdown-menu";
import { IconButton } from "../../ui/icon-button";
import { Spinner } from "../../ui/spinner";
import { Tooltip } from "../../ui/tooltip";
import type { TestResult } from "./use-provider-tests";

export type ProviderActs = {
  onAddModel: (provider: Provider) => void;
  onTest: (provider: Provider) => void;
  onEdit: (provider: Provider) => void;
  onRemoveProvider: (provider: Provider) => void;
};

/** The head of a provider's models: its name, whether its key works, its menu. */
export function ProviderRow({
  provider,
  test,
  ...acts
}: ProviderActs & { provider: Provider; test: TestResult | undefined }) {
  return (
    <tr className="border-line border-b">
      <th scope="rowgroup" colSpan={7} className="h-9 pr-2 pl-4 text-left font-regular">
        <span className="flex items-center gap-2">
          <span className="truncate font-medium text-ink-3 text-sm">{provider.display_name}</span>
          <KeyBadge provider={provider} test={test} />
          {provider.source === "environment" ? <Badge>From the environment</Badge> : null}
          {provider.enabled ? null : <Badge tone="warning">Disabled</Badge>}
          {provider.base_url ? (
            <code className="truncate text-ink-3 text-xs max-lg:hidden">{provider.base_url}</code>
          ) : null}
          <span className="ml-auto">
            <ProviderMenu provider={provider} {...acts} />
          </span>
        </span>
      </th>
    </tr>
  );
}

/** A provider without models is not offered to anybody, which its own row does not say. */
export function NoModelRow({ onAdd }: { onAdd: () => void }) {
  return (
    <tr>
      <td colSpan={7} className="h-12 px-4">
        <span className="flex items-center gap-3 text-ink-2">
          No model yet
          <Button size="sm" onClick={onAdd}>
            Add model
          </Button>
        </span>
      </td>
    </tr>
  );
}

function KeyBadge({ provider, test }: { provider: Provider; test: TestResult | undefined }) {
  if (test === "busy") {
    return (
      <Badge>
        <Spinner className="size-3" />
        Testing
      </Badge>
    );
  }
  if (test && !test.ok) {
    const isKey = test.status_code === 401 || test.status_code === 403;
    const text = isKey
      ? `Key refused, ${test.status_code}`
      : `Test failed${test.status_code ? `, ${test.status_code}` : ""}`;
    return (
      <Tooltip label={test.error ?? "The provider gave no reason."}>
        <button type="button" className="rounded-xs">
          <Badge tone="danger">{text}</Badge>
        </button>
      </Tooltip>
    );
  }
  if (provider.has_api_key) return <Badge tone="success">{test ? "Key works" : "Key set"}</Badge>;
  if (test) return <Badge tone="success">Answers</Badge>;
  return PROVIDER_FACTS[provider.provider].needsKey ? <Badge tone="warning">No key</Badge> : null;
}

function ProviderMenu({ provider, ...acts }: ProviderActs & { provider: Provider }) {
  const isPreset = provider.source === "environment";
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton icon={Ellipsis} label={`Actions for ${provider.display_name}`} size="sm" />
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem onSelect={() => acts.onAddModel(provider)}>Add model</DropdownMenuItem>
        <DropdownMenuItem onSelect={() => acts.onTest(provider)}>Test connection</DropdownMenuItem>
        <DropdownMenuItem onSelect={() => acts.onEdit(provider)}>Edit provider</DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem
          danger={!isPreset}
          reason={isPreset ? "Set by an environment variable" : null}
          onSelect={() => acts.onRemoveProvider(provider)}
        >
          Remove provider
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
