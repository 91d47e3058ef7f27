import type { QuestionAnswers } from "@/lib/contract/tools";
import { fieldsOf, textOf } from "./tool-data";

/** Reads what a paused agent asks and what it was answered. A wrong shape reads as absent. */

export type PlanAnswer = { verdict: "approved" | "changes" | "message" | "unknown"; feedback: string | undefined };

export function readPlanAnswer(result: unknown): PlanAnswer {
  const fields = fieldsOf(result);
  if (fields.answered_by_message === true) return { verdict: "message", feedback: undefined };
  if (fields.approved === true) return { verdict: "approved", feedback: textOf(fields.feedback) };
  if (fields.approved === false) return { verdict: "changes", feedback: textOf(fields.feedback) };
  return { verdict: "unknown", feedback: undefined };
}

export type QuestionOption = { label: string; description: string };
export type Question = { header: string; question: string; options: QuestionOption[] };

/** Also of arguments that are still arriving. */
export function readQuestions(args: unknown): Question[] {
  const { questions } = fieldsOf(args);
  if (!Array.isArray(questions)) return [];
  return questions.flatMap((entry) => {
    const fields = fieldsOf(entry);
    const question = textOf(fields.question);
    if (!question) return [];
    return [{ header: textOf(fields.header) ?? "", question, options: readOptions(fields.options) }];
  });
}

function readOptions(value: unknown): QuestionOption[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => {
    const label = textOf(entry) ?? textOf(fieldsOf(entry).label);
    return label ? [{ label, description: textOf(fieldsOf(entry).description) ?? "" }] : [];
  });
}

/** The option that was chosen, or words of one's own, for one question. */
export type QuestionAnswer = QuestionAnswers["answers"][number];

export const formatAnswers = (answers: QuestionAnswer[]): QuestionAnswers => ({ answers });

/** What was answered, by question; empty when a message answered instead, or nothing did. */
export function readAnswers(result: unknown): QuestionAnswer[] {
  const { answers } = fieldsOf(result);
  if (!Array.isArray(answers)) return [];
  return answers.flatMap((entry) => {
    const fields = fieldsOf(entry);
    const answer = textOf(entry) ?? textOf(fields.answer);
    return answer === undefined ? [] : [{ question: textOf(fields.question) ?? "", answer }];
  });
}

export const isAnsweredByMessage = (result: unknown): boolean => fieldsOf(result).answered_by_message === true;
