"use client";

import { type FormEvent, useEffect, useState } from "react";
import { errorText, fieldError, templatesClient } from "@/lib/contract/client";
import { ApiError } from "@/lib/contract/errors";
import type { ListedTemplate } from "@/lib/contract/workspaces";
import { formatCount, formatPlural } from "@/lib/format";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import { PanelSection, SidePanel } from "../../ui/side-panel";
import { Textarea } from "../../ui/textarea";
import { DriverField } from "./driver-field";
import { GitFields } from "./git-fields";
import {
  DEFAULT_MAX_PROCESSES,
  DEFAULT_MEMORY_MB,
  hostsError,
  isSameTemplate,
  splitHosts,
  type TemplateFields,
  toBody,
  toFields,
} from "./template-form";

type TemplatePanelProps = {
  /** Null: a new one. */
  template: ListedTemplate | null;
  onDirty: (isDirty: boolean) => void;
  onSaved: () => void;
  /** Asks first when something is typed. */
  onClose: () => void;
  onDelete: (template: ListedTemplate) => void;
};

/** One template beside the table. */
export function TemplatePanel({ template, onDirty, onSaved, onClose, onDelete }: TemplatePanelProps) {
  const [stored] = useState(() => toFields(template));
  const [fields, setFields] = useState(stored);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const isDirty = !isSameTemplate(fields, stored);
  useEffect(() => {
    onDirty(isDirty);
    return () => onDirty(false);
  }, [isDirty, onDirty]);
  const change = (changed: Partial<TemplateFields>) => setFields((current) => ({ ...current, ...changed }));

  async function save(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      const body = toBody(fields, template === null);
      await (template ? templatesClient.patch(template.id, body) : templatesClient.create(body));
      onSaved();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  const isGeneral = error !== null && !(error instanceof ApiError && error.validations.length > 0);
  return (
    <SidePanel
      title={template?.name ?? "Add template"}
      onClose={onClose}
      onSubmit={(event) => void save(event)}
      foot={
        <>
          {template ? (
            <Button variant="ghost-danger" className="-ml-2.5" onClick={() => onDelete(template)}>
              Delete template
            </Button>
          ) : null}
          <Button className="ml-auto" onClick={onClose} disabled={isBusy}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" busy={isBusy} disabled={!isDirty}>
            {template ? "Save" : "Add template"}
          </Button>
        </>
      }
    >
      <PanelSection>
        {isGeneral ? (
          <Callout tone="danger" title="Not saved">
            {errorText(error)}
          </Callout>
        ) : null}
        <IdentityFields {...{ fields, change, error }} isNew={template === null} />
      </PanelSection>
      <PanelSection title="Repository">
        <RepositoryFields {...{ fields, change, error }} />
      </PanelSection>
      <PanelSection title="Git">
        <GitFields {...{ fields, change, error }} />
      </PanelSection>
      <PanelSection title="Sandbox">
        <SandboxFields {...{ fields, change, error }} />
      </PanelSection>
    </SidePanel>
  );
}

type FieldsProps = { fields: TemplateFields; change: (changed: Partial<TemplateFields>) => void; error: unknown };

function IdentityFields({ fields, change, error, isNew }: FieldsProps & { isNew: boolean }) {
  return (
    <>
      <Field label="Name" error={fieldError(error, "name")}>
        <Input
          required
          maxLength={100}
          value={fields.name}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field label="Description" hint="Shown where a template is chosen." error={fieldError(error, "description")}>
        <Input
          maxLength={1000}
          value={fields.description}
          onChange={(event) => change({ description: event.target.value })}
        />
      </Field>
      <DriverField driver={fields.driver} isNew={isNew} onChange={(driver) => change({ driver })} />
    </>
  );
}

function RepositoryFields({ fields, change, error }: FieldsProps) {
  return (
    <>
      <Field
        label="Address"
        hint="Cloned when the task names no other. Empty: an empty workspace."
        error={fieldError(error, "config.repository")}
      >
        <Input
          mono
          inputMode="url"
          spellCheck={false}
          autoCapitalize="none"
          placeholder="https://github.com/owner/repository"
          value={fields.repository}
          onChange={(event) => change({ repository: event.target.value })}
        />
      </Field>
      <Field label="Branch" hint="Empty: the repository's own." error={fieldError(error, "config.branch")}>
        <Input
          mono
          spellCheck={false}
          autoCapitalize="none"
          value={fields.branch}
          onChange={(event) => change({ branch: event.target.value })}
        />
      </Field>
      <Field
        label="Setup script"
        hint="Shell, run in the workspace after cloning. Its output is in the build's log."
        error={fieldError(error, "config.setup_script")}
      >
        <Textarea
          rows={5}
          spellCheck={false}
          className="font-mono text-sm"
          value={fields.setupScript}
          placeholder="npm ci"
          onChange={(event) => change({ setupScript: event.target.value })}
        />
      </Field>
    </>
  );
}

function SandboxFields({ fields, change, error }: FieldsProps) {
  const hosts = splitHosts(fields.allowedHosts);
  return (
    <>
      <Field
        label="Allowed hosts"
        hint={
          <>
            One a line, example.com or *.example.com. Everything else is refused, beside the repository's own host.{" "}
            {hosts.length > 0 ? `${formatPlural(hosts.length, "host")}.` : "None: no network."}
          </>
        }
        error={hostsError(error, hosts)}
      >
        <Textarea
          rows={6}
          spellCheck={false}
          autoCapitalize="none"
          className="font-mono text-sm"
          value={fields.allowedHosts}
          onChange={(event) => change({ allowedHosts: event.target.value })}
        />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Memory" error={fieldError(error, "config.memory_mb")}>
          <Input
            inputMode="numeric"
            suffix="MB"
            placeholder={formatCount(DEFAULT_MEMORY_MB)}
            value={fields.memoryMb}
            onChange={(event) => change({ memoryMb: event.target.value })}
          />
        </Field>
        <Field label="Processes" error={fieldError(error, "config.max_processes")}>
          <Input
            inputMode="numeric"
            placeholder={formatCount(DEFAULT_MAX_PROCESSES)}
            value={fields.maxProcesses}
            onChange={(event) => change({ maxProcesses: event.target.value })}
          />
        </Field>
      </div>
      <p className="-mt-2 text-ink-3 text-sm">
        Changes hold from a workspace's next start. Limits hold where this machine can set them; the build's log says
        so.
      </p>
    </>
  );
}
