"use client";

import type { ListedUser } from "@/lib/contract/users";
import { formatDate } from "@/lib/format";
import { Avatar } from "../../ui/avatar";
import { Badge } from "../../ui/badge";
import { useTimeZone } from "../../ui/now";
import { RelativeTime } from "../../ui/relative-time";
import { Table, TableCell, TableHead, TableRow } from "../../ui/table";
import { displayName } from "../../user-menu";

type UserTableProps = {
  users: readonly ListedUser[];
  viewerId: string;
  selectedId: string | null;
  onOpen: (user: ListedUser) => void;
};

/** People, by user name. */
export function UserTable({ users, viewerId, selectedId, onOpen }: UserTableProps) {
  return (
    <Table label="Users">
      <thead>
        <tr>
          <TableHead>Person</TableHead>
          <TableHead>Role</TableHead>
          <TableHead className="max-sm:hidden">Last seen</TableHead>
          <TableHead className="max-md:hidden">Added</TableHead>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <UserRow
            key={user.id}
            user={user}
            isViewer={user.id === viewerId}
            isSelected={user.id === selectedId}
            onOpen={onOpen}
          />
        ))}
      </tbody>
    </Table>
  );
}

type UserRowProps = Pick<UserTableProps, "onOpen"> & { user: ListedUser; isViewer: boolean; isSelected: boolean };

function UserRow({ user, isViewer, isSelected, onOpen }: UserRowProps) {
  const timeZone = useTimeZone();
  const name = displayName(user);
  return (
    <TableRow selected={isSelected} className="cursor-pointer" onClick={() => onOpen(user)}>
      <TableCell className="h-12 w-full max-w-0">
        <button
          type="button"
          aria-expanded={isSelected}
          onClick={(event) => {
            event.stopPropagation();
            onOpen(user);
          }}
          className="flex w-full min-w-0 items-center gap-3 rounded-xs text-left"
        >
          <Avatar name={name} />
          <span className="min-w-0">
            <span className="flex items-center gap-2 leading-4.5">
              <span className="truncate font-medium">{name}</span>
              {isViewer ? <Badge>You</Badge> : null}
              {user.suspended ? <Badge tone="warning">Suspended</Badge> : null}
            </span>
            <span className="block truncate text-ink-3 text-sm">{user.email}</span>
          </span>
        </button>
      </TableCell>
      <TableCell>{ROLE_LABELS[user.role]}</TableCell>
      <TableCell className="max-sm:hidden">
        {user.last_seen_at ? (
          <RelativeTime at={user.last_seen_at} />
        ) : (
          <span className="text-ink-3">Not signed in</span>
        )}
      </TableCell>
      <TableCell className="max-md:hidden">{formatDate(user.created_at, timeZone)}</TableCell>
    </TableRow>
  );
}

export const ROLE_LABELS = { admin: "Administrator", member: "Member" } satisfies Record<ListedUser["role"], string>;
