import { z } from "zod";
import { type SignInProvider, signInProviderSchema } from "@/lib/contract/users";
import { route } from "@/lib/server/http";

const PROVIDERS: SignInProvider[] = [{ id: "password", type: "password", display_name: "Email and password" }];

export const GET = route(
  { access: "public", summary: "Lists the ways to sign in.", response: z.array(signInProviderSchema) },
  async () => PROVIDERS,
);
