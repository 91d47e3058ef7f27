/** Templates, workspaces and builds as they go over the wire. Loaded by browser and server. */
import { z } from "zod";

export const WORKSPACE_DRIVERS = ["local", "docker", "kubernetes"] as const;
export type WorkspaceDriverName = (typeof WORKSPACE_DRIVERS)[number];

/** What agents may push. Everything absent: branches below `slipway/`, no default branch, no tags, no deletions. */
export const pushRulesSchema = z.strictObject({
  /** Empty: any branch. */
  branch_prefix: z.string().max(100).optional(),
  allow_default_branch: z.boolean().optional(),
  allow_tags: z.boolean().optional(),
  allow_deletes: z.boolean().optional(),
});
export type PushRules = z.infer<typeof pushRulesSchema>;

/** Who the commits of a workspace are by: its owner, as the git host knows them, or Slipway itself. */
export const COMMIT_AUTHORS = ["owner", "slipway"] as const;
export type CommitAuthor = (typeof COMMIT_AUTHORS)[number];

export const templateConfigSchema = z.strictObject({
  /** Cloned when the chat names no other. */
  repository: z.string().max(2048).optional(),
  branch: z.string().max(255).optional(),
  /** Shell script, run in the workspace directory after cloning. */
  setup_script: z.string().max(65_536).optional(),
  /** Hosts the sandbox may reach, `example.com` or `*.example.com`, beside the repository's host. */
  allowed_hosts: z.array(z.string().min(1).max(255)).max(200).optional(),
  memory_mb: z.number().int().min(64).optional(),
  max_processes: z.number().int().min(16).optional(),
  push: pushRulesSchema.optional(),
  /** Absent: the owner. */
  commit_author: z.enum(COMMIT_AUTHORS).optional(),
  /** Review comments and failed checks wake the chats that say nothing else. */
  pull_request_feedback: z.boolean().optional(),
});
export type TemplateConfig = z.infer<typeof templateConfigSchema>;

/** What an allow-list takes: a name, a name below `*.`, or a literal address. */
const allowedHostSchema = z
  .string()
  .trim()
  .max(255)
  .regex(
    /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.?$|^[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*$/i,
    "A host such as example.com, *.example.com or 192.0.2.7, without scheme, port and path.",
  );

/** As it is written; what is stored was checked by the rules of its day. */
const templateConfigInputSchema = templateConfigSchema.extend({
  allowed_hosts: z.array(allowedHostSchema).max(200, "At most 200 hosts.").optional(),
  memory_mb: z.number().int().min(64, "At least 64 MB.").max(1_048_576, "At most 1,048,576 MB.").optional(),
  max_processes: z.number().int().min(16, "At least 16.").max(1_000_000, "At most 1,000,000.").optional(),
});

export const templateSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  driver: z.enum(WORKSPACE_DRIVERS),
  config: templateConfigSchema,
  enabled: z.boolean(),
});
export type Template = z.infer<typeof templateSchema>;

export const listedTemplateSchema = templateSchema.extend({
  /** Live workspaces made from it; for administrators only. */
  workspace_count: z.number().int().optional(),
});
export type ListedTemplate = z.infer<typeof listedTemplateSchema>;

export const createTemplateSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  description: z.string().max(1000).default(""),
  driver: z.enum(WORKSPACE_DRIVERS).default("local"),
  config: templateConfigInputSchema.default({}),
  enabled: z.boolean().default(true),
});
export const patchTemplateSchema = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  description: z.string().max(1000).optional(),
  config: templateConfigInputSchema.optional(),
  enabled: z.boolean().optional(),
});

/** Of a workspace and of a build: what the latest build is doing, or ended as. */
export const BUILD_STATUSES = [
  "pending",
  "starting",
  "running",
  "stopping",
  "stopped",
  "deleting",
  "deleted",
  "failed",
] as const;
export type BuildStatus = (typeof BUILD_STATUSES)[number];

export const BUILD_TRANSITIONS = ["start", "stop", "delete"] as const;
export type BuildTransition = (typeof BUILD_TRANSITIONS)[number];

export const AGENT_STATUSES = ["connecting", "connected", "disconnected"] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

export const workspaceAgentSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(AGENT_STATUSES),
  connected_at: z.string().nullable(),
});

export const buildSchema = z.object({
  id: z.string(),
  build_number: z.number().int(),
  transition: z.enum(BUILD_TRANSITIONS),
  status: z.enum(BUILD_STATUSES),
  error: z.string().nullable(),
  agents: z.array(workspaceAgentSchema),
});
export type Build = z.infer<typeof buildSchema>;

export const workspaceSchema = z.object({
  id: z.string(),
  name: z.string(),
  owner_id: z.string(),
  template_id: z.string(),
  status: z.enum(BUILD_STATUSES),
  repository: z.string().nullable(),
  branch: z.string().nullable(),
  created_at: z.string(),
  latest_build: buildSchema,
});
export type Workspace = z.infer<typeof workspaceSchema>;

export const createWorkspaceSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/i, "1 to 63 letters, digits and hyphens.")
    .optional(),
  template_id: z.uuid().optional(),
  repository: z.string().trim().min(1).max(2048).optional(),
  branch: z.string().trim().min(1).max(255).optional(),
});
export const createBuildSchema = z.strictObject({ transition: z.enum(BUILD_TRANSITIONS) });

/** Somebody's workspace as administrators see it: whose it is, its state and how it is used, and nothing of what is in it. */
export const administeredWorkspaceSchema = z.object({
  id: z.string(),
  name: z.string(),
  owner_id: z.string(),
  owner_username: z.string(),
  template_id: z.string(),
  template_name: z.string(),
  status: z.enum(BUILD_STATUSES),
  created_at: z.string(),
  /** When a chat in it last moved on; null: no chat works in it. */
  last_used_at: z.string().nullable(),
  chat_count: z.number().int(),
  /** Chats that an agent works on now. */
  active_chat_count: z.number().int(),
});
export type AdministeredWorkspace = z.infer<typeof administeredWorkspaceSchema>;

/** Whoever does not own it may end it, and no more. */
export const ADMINISTRATORS_TRANSITIONS = ["stop", "delete"] as const satisfies readonly BuildTransition[];
export type AdministratorsTransition = (typeof ADMINISTRATORS_TRANSITIONS)[number];
export const createAdministratorsBuildSchema = z.strictObject({ transition: z.enum(ADMINISTRATORS_TRANSITIONS) });

/** `q`: a part of a path; empty finds any file. */
export const findFilesQuerySchema = z.strictObject({
  q: z.string().max(1_000).default(""),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, "Must be a whole number.")
    .transform(Number)
    .pipe(z.number().int().min(1).max(200))
    .default(50),
});
export const foundFilesSchema = z.object({
  /** Relative to the workspace directory. */
  files: z.array(z.string()),
  /** More match than these. */
  truncated: z.boolean(),
});
export type FoundFiles = z.infer<typeof foundFilesSchema>;

/** One line of a build's log. */
export type BuildLogLine = { stage: string; line: string };

/** Instructions for kinds of task that a workspace holds. */
export const skillsSchema = z.array(z.object({ name: z.string(), description: z.string() }));
export type Skill = z.infer<typeof skillsSchema>[number];
