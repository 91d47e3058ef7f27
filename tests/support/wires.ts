/** Every wire format that the model server speaks, by its name. Pure. */
import { anthropicErrorBody, anthropicFrames, anthropicModels, anthropicStreamError } from "./anthropic-wire";
import { bedrockErrorBody, bedrockFrames, bedrockMalformed, bedrockStreamError } from "./bedrock-wire";
import { googleErrorBody, googleFrames, googleModels, googleStreamError } from "./google-wire";
import { type AnswerReply, type ErrorReply, reply } from "./model-reply";
import type { Dialect } from "./model-request";
import { responsesFrames, responsesStreamError } from "./openai-responses-wire";
import { openaiErrorBody, openaiFrames, openaiModels, openaiStreamError } from "./openai-wire";
import type { Frame, WireContext } from "./wire";

export type Wire = {
  contentType: string;
  frames: (answer: AnswerReply, context: WireContext) => Frame[];
  /** Inside a stream that has begun. */
  streamError: (errorType: string, message: string) => string | Buffer;
  errorBody: (error: ErrorReply) => string;
  /** The answer to a list of models. */
  models: (models: readonly string[]) => string;
  /** An event that does not parse. */
  malformed: () => string | Buffer;
  badKey: ErrorReply;
};

const EVENTS = "text/event-stream; charset=utf-8";

const chat: Wire = {
  contentType: EVENTS,
  frames: openaiFrames,
  streamError: openaiStreamError,
  errorBody: openaiErrorBody,
  models: openaiModels,
  malformed: () => 'data: {"id": "chatc\n\n',
  badKey: reply.error(401, "invalid_api_key", "Incorrect API key provided."),
};

/** By the name of the format. */
export const WIRES: Record<Dialect, Wire> = {
  anthropic: {
    contentType: EVENTS,
    frames: anthropicFrames,
    streamError: anthropicStreamError,
    errorBody: anthropicErrorBody,
    models: anthropicModels,
    malformed: () => 'event: ping\ndata: {"type": "pi\n\n',
    badKey: reply.error(401, "authentication_error", "invalid x-api-key"),
  },
  openai: chat,
  openrouter: {
    ...chat,
    frames: (answer, context) => openaiFrames(answer, { ...context, withDetails: true }),
    badKey: reply.error(401, "401", "No auth credentials found"),
  },
  "openai-responses": {
    ...chat,
    frames: responsesFrames,
    streamError: responsesStreamError,
    malformed: () => 'event: response.output_text.delta\ndata: {"type": "resp\n\n',
  },
  google: {
    contentType: "text/event-stream",
    frames: googleFrames,
    streamError: googleStreamError,
    errorBody: googleErrorBody,
    models: googleModels,
    malformed: () => 'data: {"candidates": [\r\n\r\n',
    badKey: reply.error(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
  },
  bedrock: {
    contentType: "application/vnd.amazon.eventstream",
    frames: bedrockFrames,
    streamError: bedrockStreamError,
    errorBody: bedrockErrorBody,
    models: openaiModels,
    malformed: bedrockMalformed,
    badKey: reply.error(403, "UnrecognizedClientException", "The security token included in the request is invalid."),
  },
};
