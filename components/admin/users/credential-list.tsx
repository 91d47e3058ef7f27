"use client";

import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { errorText } from "@/lib/contract/client";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { IconButton } from "../../ui/icon-button";
import { PanelSection } from "../../ui/side-panel";
import { Skeleton, SkeletonFrame } from "../../ui/skeleton";

type Credential = { id: string };

type CredentialListProps<T extends Credential> = {
  title: string;
  queryKey: QueryKey;
  load: (options: { signal: AbortSignal }) => Promise<T[]>;
  remove: (credential: T) => Promise<void>;
  empty: string;
  /** First and second line of a row. */
  draw: (credential: T) => { name: string; note: ReactNode };
  /** What the act is called and what it does. */
  act: { verb: string; consequence: string };
};

/** What a person is signed in with, each with the act that ends it. */
export function CredentialList<T extends Credential>(props: CredentialListProps<T>) {
  const { title, queryKey, load, empty, draw, act } = props;
  const [ending, setEnding] = useState<T | null>(null);
  const list = useQuery({ queryKey, queryFn: load });
  return (
    <PanelSection title={title}>
      {list.isPending ? <RowsSkeleton label={`Loading ${title.toLowerCase()}`} /> : null}
      {list.isError && !list.data ? (
        <Callout
          tone="danger"
          title={`${title} did not load`}
          actions={
            <Button size="sm" onClick={() => void list.refetch()}>
              Try again
            </Button>
          }
        >
          {errorText(list.error)}
        </Callout>
      ) : null}
      {list.data?.length === 0 ? <p className="text-ink-3 text-sm">{empty}</p> : null}
      {list.data && list.data.length > 0 ? (
        <ul className="-my-1">
          {list.data.map((credential) => {
            const { name, note } = draw(credential);
            return (
              <li key={credential.id} className="flex min-h-11 items-center gap-2">
                <span className="min-w-0 flex-1">
                  <span className="block truncate leading-4.5">{name}</span>
                  <span className="block truncate text-ink-3 text-sm">{note}</span>
                </span>
                <IconButton icon={Trash2} label={`${act.verb} ${name}`} onClick={() => setEnding(credential)} />
              </li>
            );
          })}
        </ul>
      ) : null}
      {ending ? (
        <EndDialog {...props} credential={ending} name={draw(ending).name} onClose={() => setEnding(null)} />
      ) : null}
    </PanelSection>
  );
}

type EndDialogProps<T extends Credential> = CredentialListProps<T> & {
  credential: T;
  name: string;
  onClose: () => void;
};

function EndDialog<T extends Credential>({ credential, name, act, queryKey, remove, onClose }: EndDialogProps<T>) {
  const client = useQueryClient();
  return (
    <ConfirmDialog
      title={`${act.verb} ${name}?`}
      description={act.consequence}
      verb={act.verb}
      failure="Not done"
      onConfirm={async () => {
        await remove(credential);
        client.setQueryData<T[]>(queryKey, (all) => all?.filter((each) => each.id !== credential.id));
      }}
      onClose={onClose}
    />
  );
}

/** Two rows in the boxes of real ones. */
function RowsSkeleton({ label }: { label: string }) {
  return (
    <SkeletonFrame label={label}>
      {["w-2/3", "w-1/2"].map((width) => (
        <div key={width} className="flex h-11 flex-col justify-center gap-2">
          <Skeleton className={`h-2.5 ${width}`} />
          <Skeleton className="h-2 w-1/3" />
        </div>
      ))}
    </SkeletonFrame>
  );
}
