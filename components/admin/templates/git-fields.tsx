"use client";

import { fieldError } from "@/lib/contract/client";
import { DEFAULT_BRANCH_PREFIX } from "@/lib/contract/push-policy";
import { Checkbox } from "../../ui/checkbox";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import type { TemplateFields } from "./template-form";

type GitFieldsProps = {
  fields: TemplateFields;
  change: (changed: Partial<TemplateFields>) => void;
  error: unknown;
};

/** What agents may push, whose name commits carry, and whether a pull request may wake its agent. */
export function GitFields({ fields, change, error }: GitFieldsProps) {
  return (
    <>
      <Field
        label="Branches agents may push"
        hint="Those that begin with this. Empty: any but the default one. Changes hold from the next push on."
        error={fieldError(error, "config.push.branch_prefix")}
      >
        <Input
          mono
          maxLength={100}
          spellCheck={false}
          autoCapitalize="none"
          placeholder={fields.branchPrefix === "" ? "Any branch" : DEFAULT_BRANCH_PREFIX}
          value={fields.branchPrefix}
          onChange={(event) => change({ branchPrefix: event.target.value })}
        />
      </Field>
      <div className="-mx-1 flex flex-col">
        <Checkbox
          checked={fields.allowDefaultBranch}
          onCheckedChange={(allowDefaultBranch) => change({ allowDefaultBranch })}
        >
          Agents may push the default branch
        </Checkbox>
        <Checkbox checked={fields.allowTags} onCheckedChange={(allowTags) => change({ allowTags })}>
          Agents may push tags
        </Checkbox>
        <Checkbox checked={fields.allowDeletes} onCheckedChange={(allowDeletes) => change({ allowDeletes })}>
          Agents may delete branches and tags
        </Checkbox>
        <Checkbox
          checked={fields.commitAuthor === "owner"}
          onCheckedChange={(isOwner) => change({ commitAuthor: isOwner ? "owner" : "slipway" })}
        >
          Commits are by the agent&apos;s owner
        </Checkbox>
        <Checkbox
          checked={fields.pullRequestFeedback}
          onCheckedChange={(pullRequestFeedback) => change({ pullRequestFeedback })}
        >
          Reviews and failed checks wake the agent
        </Checkbox>
      </div>
    </>
  );
}
