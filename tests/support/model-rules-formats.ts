/** What OpenAI's Responses API and Google refuse in a request. Pure. */
import type { ModelServerRequest } from "./model-request";
import { list, record } from "./request-json";

/** Calls and their outputs belong together, wherever they stand. */
export function responsesPairs({ body }: ModelServerRequest): string | undefined {
  const items = list(body.input);
  const idsOf = (type: string) => items.filter((item) => item.type === type).map(({ call_id }) => String(call_id));
  const [calls, outputs] = [idsOf("function_call"), idsOf("function_call_output")];
  const open = calls.find((id) => !outputs.includes(id));
  if (open) return `No tool output found for function call ${open}.`;
  const stray = outputs.find((id) => !calls.includes(id));
  return stray && `No tool call found for function call output with call_id ${stray}.`;
}

/** Reasoning that is sent back is whole, unchanged, and followed by what it led to. */
export function responsesReasoning({ body }: ModelServerRequest): string | undefined {
  const items = list(body.input);
  for (const [index, { type, id, encrypted_content: encrypted }] of items.entries()) {
    if (type !== "reasoning") continue;
    if (!String(encrypted).startsWith("gAAAA")) return "The encrypted content for item could not be verified.";
    const { type: nextType, role } = items[index + 1] ?? {};
    const isFollowed = nextType === "function_call" || nextType === "reasoning" || role === "assistant";
    if (!isFollowed) return `Item '${id}' of type 'reasoning' was provided without its required following item.`;
  }
  return undefined;
}

const LEAST_OUTPUT_TOKENS = 16;

export function responsesLimit({ body }: ModelServerRequest): string | undefined {
  const { max_output_tokens: limit } = body;
  if (typeof limit !== "number" || limit >= LEAST_OUTPUT_TOKENS) return undefined;
  return `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${limit} instead.`;
}

/** Every call of the model is answered in the content right after it, by as many responses. */
export function googleTurns({ messages }: ModelServerRequest): string | undefined {
  if (messages.length === 0) return "* GenerateContentRequest.contents: contents is not specified";
  for (const [index, { toolCalls }] of messages.entries()) {
    if (toolCalls.length === (messages[index + 1]?.toolResults.length ?? 0)) continue;
    return "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
  }
  return undefined;
}

/** What the package sends for calls that another vendor made. */
const NO_SIGNATURE = "skip_thought_signature_validator";

/** Signatures come back unchanged. */
export function googleSignatures({ body }: ModelServerRequest): string | undefined {
  const parts = list(body.contents).flatMap((content) => list(record(content).parts));
  const signatures = parts.flatMap(({ thoughtSignature }) => (thoughtSignature ? [String(thoughtSignature)] : []));
  const bad = signatures.some((signature) => signature !== NO_SIGNATURE && !signature.startsWith("EhsK"));
  return bad ? "Thought signature is not valid." : undefined;
}
