/** The whole schema, for drizzle. The one barrel of the code base. */
export * from "./chats";
export * from "./costs";
export * from "./daemon";
export * from "./files";
export * from "./git";
export * from "./models";
export * from "./people";
export * from "./search";
export * from "./workspaces";
