/** Plan mode: which tools are left, and what the model is told. Pure. */

/**
 * What looks and asks. Nothing that writes files, makes workspaces, or belongs to somebody else; of subagents only those
 * that read (`spawn_agent` refuses the others). A command could still change something, which the prompt forbids: without
 * commands there is no finding out.
 */
const PLAN_TOOLS = new Set([
  "ask_user_question",
  "execute",
  "interrupt_agent",
  "list_agents",
  "list_templates",
  "process_list",
  "process_output",
  "process_signal",
  "propose_plan",
  "read_file",
  "read_skill",
  "spawn_agent",
  "wait_agent",
  "web_search",
]);

export const isPlanTool = (name: string): boolean => PLAN_TOOLS.has(name);

/** The section of the system prompt; `instructions` are the administrator's, empty for none. */
export const planSection = (instructions: string): string =>
  [PLAN_MODE, instructions.trim()].filter(Boolean).join("\n\n");

const PLAN_MODE = `# Plan mode

You are in plan mode: the person wants to decide before anything is changed. Find out what the task needs, then show a plan with propose_plan and stop there.

- Change nothing. Use execute only to look: list, search, show history, run what leaves no trace. No command that writes files, installs, commits, pushes or calls services that keep something.
- Ask with ask_user_question what only the person can decide, before you propose.
- A good plan says what will be changed in which files, in which order, how each part will be checked, and what is left open. It is short enough to be read.
- When the plan is approved, plan mode ends and you have all tools. When it is not, change it as the feedback says and propose it again.`;
