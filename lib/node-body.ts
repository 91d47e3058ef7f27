/**
 * Bodies that the HTTP server's socket is written to directly. A web stream in between costs every event of every
 * viewer several promises. Knows no event and no route.
 */
import type { ServerResponse } from "node:http";

/** Writes the body to a response whose head is written, and goes on until the body ends. */
type WriteBody = (outgoing: ServerResponse) => void;

const writers = new WeakMap<Response, WriteBody>();

/** The body stays readable for whoever does not serve Node: one of the two is used, once. */
export function offerNodeBody(response: Response, write: WriteBody): Response {
  writers.set(response, write);
  return response;
}

export const findNodeBody = (response: Response): WriteBody | undefined => writers.get(response);
