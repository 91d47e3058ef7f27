import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthPage } from "@/components/auth/auth-page";
import { safeNext } from "@/components/auth/safe-next";
import { SignInForm } from "@/components/auth/sign-in-form";
import { hasUsers } from "@/db/queries/users";
import { getDatabase, getRuntime } from "@/lib/server/runtime";
import { findViewer } from "../viewer";

export const metadata: Metadata = { title: "Sign in" };

type SignInPageProps = { searchParams: Promise<{ next?: string | string[] }> };

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const next = safeNext([(await searchParams).next].flat()[0]);
  if (await findViewer()) redirect(next);
  if (!(await hasUsers(getDatabase()))) redirect("/");
  return (
    <AuthPage title="Sign in" foot={new URL(getRuntime().accessUrl).host}>
      <SignInForm next={next} />
    </AuthPage>
  );
}
