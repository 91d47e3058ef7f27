/** The whole schema, for drizzle. The one barrel of the code base. */
export * from "./chats";
export * from "./daemon";
export * from "./git";
export * from "./models";
export * from "./people";
export * from "./workspaces";
