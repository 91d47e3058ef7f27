import { webhook } from "../webhook";

export const POST = webhook(
  "github",
  "Takes a delivery of GitHub's webhooks, signed with a configured secret, as a hint to read again.",
);
