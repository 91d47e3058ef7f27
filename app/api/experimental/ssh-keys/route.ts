import { z } from "zod";
import { newSshKeySchema, sshKeySchema } from "@/lib/contract/ssh-keys";
import { createSshKey, listKeys } from "@/lib/external-auth/ssh-keys";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Lists the caller's SSH keys, one for each host.",
    response: z.array(sshKeySchema),
  },
  async ({ runtime, db, actor }) => listKeys({ ...runtime, db }, { userId: actor.userId }),
);

export const POST = route(
  {
    access: "member",
    summary: "Makes an SSH key for a host; its private half never leaves the server.",
    body: newSshKeySchema,
    response: sshKeySchema,
    status: 201,
  },
  async ({ runtime, db, actor, body }) => createSshKey({ ...runtime, db }, { userId: actor.userId, ...body }),
);
