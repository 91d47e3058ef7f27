"use client";

import clsx from "clsx";
import { MessageCircleQuestionMark } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { errorText } from "@/lib/contract/client";
import { useChatContext } from "../chat-context";
import { formatAnswers, isAnsweredByMessage, type Question, readAnswers, readQuestions } from "../pause-data";
import type { ToolCall } from "./tool-call";
import { ToolErrorBody } from "./tool-card";

/** Questions to the person: options or words of their own while the agent waits, what was answered afterwards. */
export function QuestionTool({ call }: { call: ToolCall }) {
  const questions = readQuestions(call.args);
  // Until the first question is known there is nothing to ask.
  if (questions.length === 0 && call.state === "running") return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the form is inside, while there is one
    <div role="group" aria-label="Question" className="overflow-hidden rounded-md border border-line bg-raised">
      {call.state === "waiting" ? (
        <QuestionForm toolCallId={call.toolCallId} questions={questions} />
      ) : (
        <AnsweredQuestions call={call} questions={questions} />
      )}
      {call.state === "failed" ? <ToolErrorBody result={call.result} /> : null}
    </div>
  );
}

/** An option's number, or words of one's own. */
type Choice = { option: number | "other" | undefined; other: string };
const NO_CHOICE: Choice = { option: undefined, other: "" };

const answerOf = ({ option, other }: Choice, { options }: Question): string =>
  typeof option === "number" ? (options[option]?.label ?? "") : other.trim();

function QuestionForm({ toolCallId, questions }: { toolCallId: string; questions: readonly Question[] }) {
  const { answer } = useChatContext().acts;
  const [choices, setChoices] = useState<Choice[]>(() => questions.map(() => NO_CHOICE));
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const answers = questions.map((question, index) => ({
    question: question.question,
    answer: answerOf(choices[index] ?? NO_CHOICE, question),
  }));
  const missing = answers.filter((each) => each.answer === "").length;
  const submit = () => {
    if (!answer || missing > 0) return;
    setPending(true);
    setError(undefined);
    answer({ toolCallId, output: formatAnswers(answers) }).catch((failure: unknown) => {
      setError(errorText(failure));
      setPending(false);
    });
  };
  return (
    <form
      className="flex flex-col gap-4 px-3 pt-2.5 pb-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {questions.map((question, index) => (
        <QuestionField
          key={question.question}
          question={question}
          choice={choices[index] ?? NO_CHOICE}
          isDisabled={!answer || isPending}
          onChange={(choice) =>
            setChoices((all) => questions.map((_, at) => (at === index ? choice : (all[at] ?? NO_CHOICE))))
          }
        />
      ))}
      {answer ? (
        <div className="ml-6.5 flex flex-wrap items-center gap-2 text-ink-3 text-md">
          <Button type="submit" variant="primary" busy={isPending} disabled={missing > 0}>
            Answer
          </Button>
          <span>{missing > 0 && questions.length > 1 ? `${missing} to answer, or type below` : "or type below"}</span>
        </div>
      ) : null}
      {error ? (
        <p role="alert" className="ml-6.5 text-danger text-md">
          {error}
        </p>
      ) : null}
    </form>
  );
}

type QuestionFieldProps = {
  question: Question;
  choice: Choice;
  isDisabled: boolean;
  onChange: (choice: Choice) => void;
};

function QuestionField({ question, choice, isDisabled, onChange }: QuestionFieldProps) {
  const name = useId();
  return (
    <fieldset disabled={isDisabled} className="min-w-0">
      <legend className="flex items-start gap-2.5">
        <MessageCircleQuestionMark aria-hidden className="mt-0.5 text-warning" />
        <span className="wrap-anywhere min-w-0">
          {question.header ? <span className="block font-medium text-ink text-md">{question.header}</span> : null}
          <span className={clsx("block text-md", question.header ? "text-ink-2" : "font-medium text-ink")}>
            {question.question}
          </span>
        </span>
      </legend>
      <div className="mt-2.5 ml-6.5 flex flex-col gap-1.5">
        {question.options.map((option, index) => (
          <OptionRow
            key={option.label}
            name={name}
            isChosen={choice.option === index}
            onChoose={() => onChange({ ...choice, option: index })}
          >
            <span className="block text-ink">{option.label}</span>
            {option.description ? <span className="block text-ink-3 text-sm">{option.description}</span> : null}
          </OptionRow>
        ))}
        <OptionRow
          name={name}
          isChosen={choice.option === "other"}
          onChoose={() => onChange({ ...choice, option: "other" })}
        >
          <input
            aria-label={`Something else: ${question.question}`}
            placeholder={question.options.length > 0 ? "Something else" : "Your answer"}
            value={choice.other}
            onFocus={() => onChange({ ...choice, option: "other" })}
            onChange={(event) => onChange({ option: "other", other: event.target.value })}
            className="w-full bg-transparent text-ink outline-none focus-visible:outline-none max-sm:text-xl"
          />
        </OptionRow>
      </div>
    </fieldset>
  );
}

type OptionRowProps = { name: string; isChosen: boolean; onChoose: () => void; children: React.ReactNode };

function OptionRow({ name, isChosen, onChoose, children }: OptionRowProps) {
  return (
    <label
      className={clsx(
        "flex min-h-9 items-start gap-2.5 rounded-sm border px-3 py-1.5 text-md pointer-coarse:min-h-11",
        "has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2",
        isChosen ? "border-accent bg-accent-bg" : "border-line-2 hover:bg-hover",
      )}
    >
      <input
        type="radio"
        name={name}
        checked={isChosen}
        onChange={onChoose}
        className="radio-mark mt-0.75 size-3.5 shrink-0 outline-none"
      />
      <span className="wrap-anywhere min-w-0 flex-1">{children}</span>
    </label>
  );
}

/** Afterwards: the questions with what was answered. */
function AnsweredQuestions({ call, questions }: { call: ToolCall; questions: readonly Question[] }) {
  const answers = readAnswers(call.result);
  return (
    <div className="flex flex-col gap-2 px-3 py-2.5 text-md">
      {questions.map((question, index) => (
        <div key={question.question} className="flex items-start gap-2.5">
          <MessageCircleQuestionMark aria-hidden className="mt-0.5 text-ink-3" />
          <dl className="wrap-anywhere min-w-0">
            <dt className="text-ink-2">{question.question}</dt>
            <dd className="font-medium text-ink">
              {(answers.find((answer) => answer.question === question.question) ?? answers[index])?.answer ?? (
                <span className="font-regular text-ink-3">{unansweredText(call)}</span>
              )}
            </dd>
          </dl>
        </div>
      ))}
    </div>
  );
}

function unansweredText(call: ToolCall): string {
  if (call.state === "running") return "Asking";
  return isAnsweredByMessage(call.result) ? "Answered by message" : "Not answered";
}
