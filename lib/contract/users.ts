/** People, tokens and sign-in as they go over the wire. Loaded by browser and server. */
import { z } from "zod";

export const USER_ROLES = ["admin", "member"] as const;
export type UserRole = (typeof USER_ROLES)[number];

export const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  username: z.string(),
  name: z.string(),
  role: z.enum(USER_ROLES),
  avatar_url: z.string().nullable(),
  suspended: z.boolean(),
  created_at: z.string(),
});
export type User = z.infer<typeof userSchema>;

/** A person as administrators list them. */
export const listedUserSchema = userSchema.extend({
  /** The last request of any of their browsers and tokens that still exist; null: there is none. */
  last_seen_at: z.string().nullable(),
});
export type ListedUser = z.infer<typeof listedUserSchema>;

const emailSchema = z.email("An email address such as ada@example.com.").max(254).toLowerCase();
const usernameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,38}$/i, "1 to 39 letters, digits and hyphens, starting with a letter or digit.");
/** 8 characters at least; the upper bound keeps hashing cheap. */
const passwordSchema = z.string().min(8, "At least 8 characters.").max(1024);
const nameSchema = z.string().trim().max(100);

export const createUserSchema = z.strictObject({
  email: emailSchema,
  username: usernameSchema,
  name: nameSchema.optional(),
  password: passwordSchema,
  role: z.enum(USER_ROLES).default("member"),
});
export type CreateUserRequest = z.input<typeof createUserSchema>;
export const patchUserSchema = z.strictObject({
  name: nameSchema.optional(),
  role: z.enum(USER_ROLES).optional(),
  suspended: z.boolean().optional(),
  password: passwordSchema.optional(),
});

export type PatchUserRequest = z.input<typeof patchUserSchema>;

export const TOKEN_SCOPES = ["read", "chat", "admin"] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

export const createTokenSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  expires_in_days: z.number().int().min(1).max(3650).optional(),
  /** Absent: everything the person may do. */
  scopes: z.array(z.enum(TOKEN_SCOPES)).min(1).optional(),
});
export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(TOKEN_SCOPES)).nullable(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
  expires_at: z.string().nullable(),
});
export type Token = z.infer<typeof tokenSchema>;

export const setupSchema = z.strictObject({
  setup_token: z.string().min(1),
  email: emailSchema,
  username: usernameSchema,
  password: passwordSchema,
});
export const signInSchema = z.strictObject({
  email: z.string().min(1).max(254),
  password: z.string().min(1).max(1024),
  code: z.string().optional(),
});

/** One of a person's browsers. */
export const sessionSchema = z.object({
  id: z.string(),
  user_agent: z.string(),
  created_at: z.string(),
  last_seen_at: z.string(),
  expires_at: z.string(),
  /** The one this request was made with. */
  current: z.boolean(),
});
export type UserSession = z.infer<typeof sessionSchema>;

/** A way to sign in that this installation offers. */
export const signInProviderSchema = z.object({ id: z.string(), type: z.enum(["password"]), display_name: z.string() });
export type SignInProvider = z.infer<typeof signInProviderSchema>;

/** A created token; `token` is shown this once. */
export const createdTokenSchema = tokenSchema.extend({ token: z.string() });

/** A person in a path: an id, or `me`. */
export const userPathSchema = z.union([z.literal("me"), z.uuid()]);
