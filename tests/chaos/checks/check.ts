/** The checker: every invariant over one round's evidence. Knows nothing of the product's code. */
import type { Evidence, Violation } from "../evidence";
import { checkEffects, checkMoney, checkTrees, checkVersions } from "./effects";
import { checkAnswers, checkMessages, checkOrder, checkRequests, checkRest, checkResults } from "./history";
import { checkTranscripts } from "./transcripts";

const CHECKS = [
  checkMessages,
  checkOrder,
  checkAnswers,
  checkRequests,
  checkResults,
  checkRest,
  checkEffects,
  checkVersions,
  checkMoney,
  checkTrees,
  checkTranscripts,
];

export const check = (evidence: Evidence): Violation[] => CHECKS.flatMap((one) => one(evidence));
