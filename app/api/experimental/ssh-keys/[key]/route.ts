import { sshKeyPathSchema } from "@/lib/contract/ssh-keys";
import { removeSshKey } from "@/lib/external-auth/ssh-keys";
import { route } from "@/lib/server/http";

export const DELETE = route(
  {
    access: "member",
    summary: "Forgets an SSH key.",
    params: sshKeyPathSchema,
    status: 204,
  },
  async ({ runtime, db, actor, params }) => removeSshKey({ ...runtime, db }, { id: params.key, userId: actor.userId }),
);
