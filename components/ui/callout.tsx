import clsx from "clsx";
import { CircleCheck, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

export type CalloutTone = "info" | "success" | "warning" | "danger" | "neutral";

const tones = {
  info: { box: "border-info-border bg-info-bg", icon: "text-info", symbol: Info },
  success: { box: "border-success-border bg-success-bg", icon: "text-success", symbol: CircleCheck },
  warning: { box: "border-warning-border bg-warning-bg", icon: "text-warning", symbol: TriangleAlert },
  danger: { box: "border-danger-border bg-danger-bg", icon: "text-danger", symbol: TriangleAlert },
  neutral: { box: "border-line bg-raised", icon: "text-ink-3", symbol: Info },
} satisfies Record<CalloutTone, { box: string; icon: string; symbol: LucideIcon }>;

type CalloutProps = {
  tone: CalloutTone;
  title: ReactNode;
  /** What to know and what to do. */
  children?: ReactNode;
  icon?: LucideIcon;
  /** Buttons of size `sm` below the text. */
  actions?: ReactNode;
  /** One button at the right instead. */
  action?: ReactNode;
  className?: string;
};

/** What happened, with the value and what to do. A failure is announced as an alert, the rest as a status. */
export function Callout({ tone, title, children, icon, actions, action, className }: CalloutProps) {
  const look = tones[tone];
  const Icon = icon ?? look.symbol;
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={clsx("flex items-start gap-2.5 rounded-md border px-3 py-2.5 text-md", look.box, className)}
    >
      <Icon aria-hidden className={clsx("mt-0.5", look.icon)} />
      <div className="wrap-anywhere min-w-0 flex-1">
        <p className="font-medium text-ink">{title}</p>
        {children ? <div className="text-ink-2">{children}</div> : null}
        {actions ? <div className="mt-2.5 flex flex-wrap gap-2">{actions}</div> : null}
      </div>
      {action ? <div className="self-center">{action}</div> : null}
    </div>
  );
}
