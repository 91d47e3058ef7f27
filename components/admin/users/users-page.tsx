"use client";

import { Plus, Search } from "lucide-react";
import { useState } from "react";
import { errorText } from "@/lib/contract/client";
import type { ListedUser } from "@/lib/contract/users";
import { SettingsPage } from "../../settings/settings-frame";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { EmptyState } from "../../ui/empty-state";
import { Input } from "../../ui/input";
import { CreateUserDialog } from "./create-user-dialog";
import { useUserAdmin } from "./use-user-admin";
import { UserPanel } from "./user-panel";
import { UserTable } from "./user-table";

type UsersPageProps = { initial: ListedUser[]; initialSearch: string; viewerId: string };

/** Who may use this installation. The search is in the address, so that it survives a reload. */
export function UsersPage({ initial, initialSearch, viewerId }: UsersPageProps) {
  const [typed, setTyped] = useState(initialSearch);
  const list = useUserAdmin({ search: typed.trim(), initial, initialSearch });
  const [openId, setOpenId] = useState<string | null>(null);
  const [isAdding, setAdding] = useState(false);
  const opened = list.users.find((user) => user.id === openId);

  function search(text: string) {
    setTyped(text);
    const query = text.trim() ? `?q=${encodeURIComponent(text.trim())}` : "";
    window.history.replaceState(null, "", window.location.pathname + query);
  }

  return (
    <>
      <SettingsPage
        title="Users"
        acts={
          <Button variant="primary" icon={<Plus aria-hidden />} onClick={() => setAdding(true)}>
            Add user
          </Button>
        }
      >
        <Input
          type="search"
          aria-label="Search users"
          placeholder="Search by name or email"
          prefix={<Search aria-hidden />}
          value={typed}
          onChange={(event) => search(event.target.value)}
          className="mb-4 max-w-80"
        />
        <UserList list={list} search={typed.trim()} onClear={() => search("")}>
          <UserTable users={list.users} viewerId={viewerId} selectedId={openId} onOpen={(user) => setOpenId(user.id)} />
        </UserList>
        {list.hasNextPage ? (
          <Button
            variant="ghost"
            className="mt-2"
            busy={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show more
          </Button>
        ) : null}
      </SettingsPage>
      {opened ? (
        <UserPanel key={opened.id} user={opened} isViewer={opened.id === viewerId} onClose={() => setOpenId(null)} />
      ) : null}
      {isAdding ? <CreateUserDialog onCreated={() => void list.reload()} onClose={() => setAdding(false)} /> : null}
    </>
  );
}

type UserListProps = {
  list: ReturnType<typeof useUserAdmin>;
  search: string;
  onClear: () => void;
  children: React.ReactNode;
};

/** The rows, or why there are none. */
function UserList({ list, search, onClear, children }: UserListProps) {
  if (list.isError) {
    return (
      <Callout
        tone="danger"
        title="Users did not load"
        actions={
          <Button size="sm" onClick={() => void list.refetch()}>
            Try again
          </Button>
        }
      >
        {errorText(list.error)}
      </Callout>
    );
  }
  if (list.users.length > 0) return children;
  return (
    <EmptyState
      title="Nobody matches"
      hint={`No name and no address contains “${search}”.`}
      action={<Button onClick={onClear}>Clear search</Button>}
    />
  );
}
