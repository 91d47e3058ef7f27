"use client";

import { Button } from "../ui/button";
import { Link } from "../ui/link";
import { AuthPage } from "./auth-page";

/** Where nothing is. Code of the browser: every page's answer carries it, and so carries its name alone. */
export function NotFoundPage() {
  return (
    <AuthPage title="Nothing is here">
      <p className="mb-5 text-ink-2">
        The address is wrong, or what it named belongs to somebody else. Agents are archived, never deleted: an old one
        is in the list under Archived.
      </p>
      <Button asChild variant="primary" size="lg">
        <Link href="/agents">Go to agents</Link>
      </Button>
    </AuthPage>
  );
}
