/** Whose page it is. */
export type Viewer = { id: string; name: string; isAdmin: boolean };

/** What the page knows of its chat besides the live state. */
export type ScreenChat = {
  id: string;
  workspaceId: string | null;
  ownerName: string;
  isArchived: boolean;
  lastModelId: string | null;
  isPlanning: boolean;
};
