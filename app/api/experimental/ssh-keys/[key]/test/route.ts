import { sshKeyPathSchema, sshKeyTestSchema } from "@/lib/contract/ssh-keys";
import { testSshKey } from "@/lib/external-auth/ssh-keys";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Signs in at the host with an SSH key.",
    params: sshKeyPathSchema,
    response: sshKeyTestSchema,
  },
  async ({ runtime, db, actor, params }) =>
    testSshKey({ ...runtime, db }, { id: params.key, userId: actor.userId, trusted: actor.role === "admin" }),
);
