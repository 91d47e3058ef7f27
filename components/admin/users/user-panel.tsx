"use client";

import type { ListedUser } from "@/lib/contract/users";
import { formatDate } from "@/lib/format";
import { useTimeZone } from "../../ui/now";
import { PanelSection, SidePanel } from "../../ui/side-panel";
import { displayName } from "../../user-menu";
import { AccessSection } from "./access-section";
import { DeleteUser } from "./delete-user";
import { ResetPassword } from "./reset-password";
import { UserSessions } from "./user-sessions";
import { UserTokens } from "./user-tokens";

type UserPanelProps = { user: ListedUser; isViewer: boolean; onClose: () => void };

/** One person beside the table: what they may do and what they are signed in with. */
export function UserPanel({ user, isViewer, onClose }: UserPanelProps) {
  const timeZone = useTimeZone();
  return (
    <SidePanel title={displayName(user)} onClose={onClose}>
      <PanelSection>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-md">
          <Fact name="Email" value={user.email} />
          <Fact name="Username" value={user.username} />
          <Fact name="Added" value={formatDate(user.created_at, timeZone)} />
        </dl>
      </PanelSection>
      <AccessSection user={user} isViewer={isViewer} />
      <ResetPassword user={user} isViewer={isViewer} />
      <UserSessions user={user} />
      <UserTokens user={user} />
      {isViewer ? null : <DeleteUser user={user} onDeleted={onClose} />}
    </SidePanel>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="wrap-anywhere text-ink">{value}</dd>
    </>
  );
}
