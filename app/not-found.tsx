import type { Metadata } from "next";
import Link from "next/link";
import { AuthPage } from "@/components/auth/auth-page";
import { Button } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
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
