"use client";

import { Archive, Ellipsis, ListFilter, Pin, Trash2 } from "lucide-react";
import { useState } from "react";
import { Avatar } from "../ui/avatar";
import { Badge, type BadgeTone } from "../ui/badge";
import { Button, type ButtonSize, type ButtonVariant } from "../ui/button";
import { Callout, type CalloutTone } from "../ui/callout";
import { Checkbox } from "../ui/checkbox";
import { Dialog } from "../ui/dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "../ui/dropdown-menu";
import { EmptyState } from "../ui/empty-state";
import { Field } from "../ui/field";
import { IconButton } from "../ui/icon-button";
import { Input } from "../ui/input";
import { Kbd } from "../ui/kbd";
import { Segmented } from "../ui/segmented";
import { Select } from "../ui/select";
import { Spinner } from "../ui/spinner";
import { Switch } from "../ui/switch";
import { Table, TableCell, TableHead, TableRow } from "../ui/table";
import { Textarea } from "../ui/textarea";
import { toast } from "../ui/toast";
import { Sample, SampleSection } from "./sample";

const VARIANTS = ["default", "primary", "ghost", "danger", "ghost-danger"] as const satisfies readonly ButtonVariant[];
const SIZES = ["sm", "md", "lg"] as const satisfies readonly ButtonSize[];
const TONES = ["info", "success", "warning", "danger", "neutral"] as const satisfies readonly CalloutTone[];
const BADGES = ["neutral", "accent", "success", "warning", "danger", "merged"] as const satisfies readonly BadgeTone[];
const OPTIONS = [
  { value: "one", label: "One", hint: "With a hint" },
  { value: "two", label: "Two" },
  { value: "three", label: "Three", disabled: true },
];

export function PrimitiveSamples() {
  return (
    <>
      <SampleSection title="Buttons">
        {VARIANTS.map((variant) => (
          <Sample key={variant} name={`Button, ${variant}`}>
            <div className="flex flex-wrap items-center gap-2">
              {SIZES.map((size) => (
                <Button key={size} variant={variant} size={size}>
                  Archive
                </Button>
              ))}
              <Button variant={variant} busy>
                Archive
              </Button>
              <Button variant={variant} disabled>
                Archive
              </Button>
            </div>
          </Sample>
        ))}
        <Sample name="Icon button">
          <div className="flex flex-wrap items-center gap-2">
            <IconButton icon={Ellipsis} label="Actions" />
            <IconButton icon={Ellipsis} label="Actions, open" active />
            <IconButton icon={ListFilter} label="Filter, small" size="sm" />
            <IconButton icon={Archive} label="Archive, busy" busy />
            <IconButton icon={Archive} label="Archive, disabled" disabled />
            <IconButton icon={Archive} label="Archive, primary" variant="primary" />
            <IconButton icon={Archive} label="Archive, default" variant="default" />
          </div>
        </Sample>
      </SampleSection>
      <FormSamples />
      <SampleSection title="What is said">
        {TONES.map((tone) => (
          <Sample key={tone} name={`Callout, ${tone}`}>
            <Callout tone={tone} title="Anthropic refused the key" actions={<Button size="sm">Try again</Button>}>
              Answered 401 for the key that ends in 3kQA. Replace it, then try again.
            </Callout>
          </Sample>
        ))}
        <Sample name="Badges">
          <div className="flex flex-wrap gap-2">
            {BADGES.map((tone) => (
              <Badge key={tone} tone={tone}>
                {tone}
              </Badge>
            ))}
          </div>
        </Sample>
        <Sample name="Empty state">
          <EmptyState
            title="No agent matches"
            hint="Filter: merged, unread."
            action={<Button size="sm">Clear filters</Button>}
          />
        </Sample>
        <Sample name="Small things">
          <div className="flex flex-wrap items-center gap-3">
            <Avatar name="Mara Lindqvist" />
            <Kbd>Ctrl K</Kbd>
            <Spinner />
          </div>
        </Sample>
      </SampleSection>
      <LayerSamples />
      <TableSample />
    </>
  );
}

function FormSamples() {
  const [chosen, setChosen] = useState("one");
  const [isOn, setOn] = useState(true);
  return (
    <SampleSection title="Forms">
      <Sample name="Field with a hint">
        <Field label="Title" hint="At most 200 characters.">
          <Input defaultValue="Retry webhook deliveries" />
        </Field>
      </Sample>
      <Sample name="Field with an error">
        <Field label="Host" error="“https://example.org” is not allowed here. Write example.org.">
          <Input defaultValue="https://example.org" />
        </Field>
      </Sample>
      <Sample name="Field, disabled">
        <Field label="Model">
          <Input defaultValue="sample-large" disabled />
        </Field>
      </Sample>
      <Sample name="Text area">
        <Field label="Description">
          <Textarea rows={3} defaultValue="Everything that is made from it starts with this." />
        </Field>
      </Sample>
      <Sample name="Select">
        <Field label="Driver">
          <Select value={chosen} onValueChange={setChosen} options={OPTIONS} />
        </Field>
      </Sample>
      <Sample name="Switches and checkboxes">
        <div className="flex items-center gap-4">
          <Switch aria-label="On" checked={isOn} onCheckedChange={setOn} />
          <Switch aria-label="Off" checked={!isOn} onCheckedChange={(next) => setOn(!next)} />
          <Checkbox checked={isOn} onCheckedChange={setOn}>
            Merged
          </Checkbox>
          <Checkbox checked={!isOn} onCheckedChange={(next) => setOn(!next)}>
            Open
          </Checkbox>
        </div>
      </Sample>
      <Sample name="Segmented">
        <Segmented
          label="Choice"
          value={chosen}
          onValueChange={setChosen}
          options={[
            { value: "one", label: "Queue" },
            { value: "two", label: "Steer" },
            { value: "three", label: "Stop and send", disabled: true },
          ]}
        />
      </Sample>
    </SampleSection>
  );
}

function LayerSamples() {
  const [isOpen, setOpen] = useState(false);
  return (
    <SampleSection title="Layers">
      <Sample name="Menu">
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button>Open menu</Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent aria-label="Sample menu">
            <DropdownMenuItem icon={Pin}>Pin</DropdownMenuItem>
            <DropdownMenuSeparator />
            <DropdownMenuItem icon={Archive} reason="Stop the agent first">
              Archive
            </DropdownMenuItem>
            <DropdownMenuItem icon={Trash2} danger>
              Delete
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      </Sample>
      <Sample name="Dialog">
        <Button onClick={() => setOpen(true)}>Open dialog</Button>
        <Dialog
          open={isOpen}
          onOpenChange={setOpen}
          title="Archive and delete workspace?"
          description="The agent can be restored. The workspace cannot."
          actions={
            <>
              <Button onClick={() => setOpen(false)}>Cancel</Button>
              <Button variant="danger" onClick={() => setOpen(false)}>
                Delete
              </Button>
            </>
          }
        />
      </Sample>
      <Sample name="Notices">
        <div className="flex flex-wrap gap-2">
          <Button
            onClick={() =>
              toast.show("Archived “Try Bun as the test runner”", { action: { label: "Undo", onClick() {} } })
            }
          >
            Show notice
          </Button>
          <Button onClick={() => toast.error("PATCH /chats answered 503. Try again.")}>Show error</Button>
        </div>
      </Sample>
    </SampleSection>
  );
}

function TableSample() {
  return (
    <SampleSection title="Table">
      <Sample name="Table" isWide>
        <div className="overflow-x-auto">
          <Table label="Sample table">
            <thead>
              <tr>
                <TableHead>Model</TableHead>
                <TableHead numeric>Total Cost</TableHead>
              </tr>
            </thead>
            <tbody>
              <TableRow>
                <TableCell>Claude Sonnet 4.5</TableCell>
                <TableCell numeric>$18.42</TableCell>
              </TableRow>
              <TableRow selected>
                <TableCell>sample-local</TableCell>
                <TableCell numeric>Unpriced</TableCell>
              </TableRow>
            </tbody>
          </Table>
        </div>
      </Sample>
    </SampleSection>
  );
}
