/** A branch's name for a chat. Pure. */
import { DEFAULT_BRANCH_PREFIX } from "@/lib/contract/push-policy";
import type { PushRules } from "@/lib/contract/workspaces";

/** Longer ones are cut by every list that shows them. */
const MAX_SLUG = 40;

/** `slipway/` and words of the title, or the template's own prefix; something of the chat's id where no letter is left. */
export function branchNameFor({ title, chatId }: { title: string; chatId: string }, rules: PushRules): string {
  // An empty prefix allows any name; ours are still told apart from people's.
  const prefix = rules.branch_prefix || DEFAULT_BRANCH_PREFIX;
  return prefix + (slugOf(title) || `agent-${chatId.replaceAll("-", "").slice(-8)}`);
}

function slugOf(title: string): string {
  const words = title
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-");
  return words.replace(/^-+/, "").slice(0, MAX_SLUG).replace(/-+$/, "");
}
