"use client";

import { createContext, useContext } from "react";
import type { ToolAnswer } from "./open-calls";

/** What a person may do with a row. An act that is absent is not offered: the chat is archived, for one. */
export type RowActs = {
  /** Gives what a paused agent asked for. */
  answer?: (answer: ToolAnswer) => Promise<void>;
  /** Replaces a sent message and runs again from there. */
  onEdit?: (messageId: number, text: string) => Promise<void>;
  /** A new agent with the history up to this message. */
  onFork?: (messageId: number) => void;
  /** Lets the model see again what stood before the newest summary or clearing. */
  onUndoBoundary?: () => Promise<void>;
  /** Asks whether chat and files shall go back to this message. */
  onRewind?: (messageId: number) => void;
};

/** What rows deep in the transcript need of their chat. Changes rarely: rows are drawn again when it does. */
export type ChatContextValue = {
  chatId: string;
  acts: RowActs;
  /** The message that is being edited. */
  editedId: number | null;
  startEdit: (messageId: number | null) => void;
  /** To the person's message before or after one of theirs. */
  jump: (fromMessageId: number, direction: "previous" | "next") => void;
};

const ChatContext = createContext<ChatContextValue>({
  chatId: "",
  acts: {},
  editedId: null,
  startEdit: () => {},
  jump: () => {},
});

export const ChatContextProvider = ChatContext.Provider;
export const useChatContext = (): ChatContextValue => useContext(ChatContext);
