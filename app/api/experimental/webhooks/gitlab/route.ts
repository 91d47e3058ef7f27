import { webhook } from "../webhook";

export const POST = webhook(
  "gitlab",
  "Takes a delivery of GitLab's webhooks, with a configured secret as its token, as a hint to read again.",
);
