/** Tools as callers name and answer them: reserved names, tools of the caller, questions, plans. Loaded by browser and server. */
import { z } from "zod";

/** Not for a model to call: under this name a summary stands where it took the place of what came before. */
export const SUMMARY_TOOL = "chat_summarized";

/** Names of the product's own tools; a caller's tool may not have one, whether this chat offers it or not. */
export const BUILT_IN_TOOLS = [
  "execute",
  "process_output",
  "process_list",
  "process_signal",
  "read_file",
  "write_file",
  "edit_files",
  "attach_file",
  "spawn_agent",
  "spawn_computer_use_agent",
  "wait_agent",
  "message_agent",
  "interrupt_agent",
  "list_agents",
  "propose_plan",
  "ask_user_question",
  "list_templates",
  "create_workspace",
  "start_workspace",
  "stop_workspace",
  "read_skill",
  "computer",
  "web_search",
  SUMMARY_TOOL,
  "chat_cleared",
] as const;

/** Far beyond what a model can choose from. */
export const MAX_CALLER_TOOLS = 250;

/** What every provider accepts as a name. Two underscores are how tools of MCP servers are named. */
const toolNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "A tool's name has 1 to 64 letters, digits, hyphens and underscores.")
  .refine((name) => !name.includes("__"), "Two underscores in a name are reserved for tools of MCP servers.")
  .refine((name) => !BUILT_IN_TOOLS.some((known) => known === name), {
    error: ({ input }) => `"${input}" is the name of a built-in tool.`,
  });

/** JSON Schema of an object: what providers take as the arguments of a tool. */
const inputSchemaSchema = z
  .record(z.string(), z.unknown())
  .refine((schema) => schema.type === "object", 'Must be a JSON Schema with "type": "object".')
  .refine(
    ({ properties }) => properties === undefined || isSchemaMap(properties),
    '"properties" must map names to schemas.',
  )
  .refine(({ required }) => required === undefined || isTextList(required), '"required" must be a list of names.');

const isSchema = (value: unknown): boolean =>
  typeof value === "boolean" || (typeof value === "object" && value !== null && !Array.isArray(value));
const isSchemaMap = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isSchema);
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === "string");

export const callerToolSchema = z.strictObject({
  name: toolNameSchema,
  description: z.string().max(10_000).default(""),
  input_schema: inputSchemaSchema.default({ type: "object", properties: {} }),
});
export type CallerTool = z.output<typeof callerToolSchema>;

/** Every bad tool is named by its place, every name that comes twice by itself. */
export const callerToolsSchema = z
  .array(callerToolSchema)
  .max(MAX_CALLER_TOOLS, `At most ${MAX_CALLER_TOOLS} tools.`)
  .superRefine((tools, context) => {
    const names = new Set<string>();
    for (const [index, { name }] of tools.entries()) {
      if (names.has(name)) {
        context.addIssue({ code: "custom", path: [index, "name"], message: `The name "${name}" is used twice.` });
      }
      names.add(name);
    }
  });

/** The arguments of `ask_user_question`. */
export const questionsSchema = z.object({
  questions: z
    .array(
      z.object({
        header: z.string().min(1).max(80).describe("Two or three words that name the question."),
        question: z.string().min(1).max(2_000).describe("The whole question, with what the person needs to decide it."),
        options: z
          .array(
            z.object({
              label: z.string().min(1).max(200).describe("What the person chooses, in a few words."),
              description: z.string().max(1_000).describe("What choosing it means."),
            }),
          )
          .min(2)
          .max(4)
          .describe("The likely answers. The person may also write their own."),
      }),
    )
    .min(1)
    .max(4),
});
export type Questions = z.infer<typeof questionsSchema>;

/** What the product's page sends as the output of `ask_user_question`; other clients may send any JSON. */
export type QuestionAnswers = { answers: { question: string; answer: string }[] };

/** The arguments of `propose_plan`. 32 KiB: a plan that somebody reads. */
export const planSchema = z.object({
  plan: z
    .string()
    .trim()
    .min(1)
    .max(32_768)
    .describe("The plan in Markdown: what will be changed where, in which order, how it is checked."),
});

/** The output of `propose_plan`: approval leaves plan mode. */
export const planAnswerSchema = z.strictObject({
  approved: z.boolean(),
  /** What should be different; the agent reads it. */
  feedback: z.string().max(20_000).optional(),
});
export type PlanAnswer = z.infer<typeof planAnswerSchema>;

export const toolResultsSchema = z.strictObject({
  results: z
    .array(
      z.strictObject({
        tool_call_id: z.string().min(1).max(256),
        /** Any JSON. */
        output: z.unknown().refine((output) => output !== undefined, "An output is needed; null is one."),
        is_error: z.boolean().default(false),
      }),
    )
    .min(1, "No results were given.")
    .max(1_000),
});
export type ToolResultsRequest = z.input<typeof toolResultsSchema>;
