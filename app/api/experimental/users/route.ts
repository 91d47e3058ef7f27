import { z } from "zod";
import { insertUser, listUsers } from "@/db/queries/users";
import { hashPassword } from "@/lib/auth/password";
import { integerText } from "@/lib/contract/chat-queries";
import { ApiError } from "@/lib/contract/errors";
import { createUserSchema, listedUserSchema, userSchema } from "@/lib/contract/users";
import { newId } from "@/lib/ids";
import { route } from "@/lib/server/http";

const querySchema = z.strictObject({
  limit: integerText({ min: 1, max: 1_000 }).default(200),
  offset: integerText({ min: 0, max: 1_000_000 }).default(0),
  /** Looked for in names and addresses. */
  q: z.string().trim().max(100).optional(),
});

export const GET = route(
  {
    access: "admin",
    summary: "Lists everybody, by user name; q is looked for in names and addresses.",
    query: querySchema,
    response: z.array(listedUserSchema),
  },
  async ({ db, query }) => listUsers(db, query),
);

export const POST = route(
  { access: "admin", summary: "Adds a person.", body: createUserSchema, response: userSchema, status: 201 },
  async ({ db, body }) => {
    const { password, name = "", ...columns } = body;
    const user = await insertUser(db, { id: newId(), name, passwordHash: await hashPassword(password), ...columns });
    if (!user) {
      throw new ApiError("conflict", `The email ${body.email} or the username ${body.username} is taken.`);
    }
    return user;
  },
);
