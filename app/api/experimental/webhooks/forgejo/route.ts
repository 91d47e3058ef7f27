import { webhook } from "../webhook";

export const POST = webhook(
  "forgejo",
  "Takes a delivery of Forgejo's or Gitea's webhooks, signed with a configured secret, as a hint to read again.",
);
