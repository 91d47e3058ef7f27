-- The agent is looked up through the workspace's latest build: a restart makes a new one.
ALTER TABLE "chats" DROP COLUMN "workspace_agent_id";
