import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SetupWizard } from "@/components/auth/setup-wizard";
import { hasUsers } from "@/db/queries/users";
import { presetModels } from "@/lib/models/known-models";
import { getDatabase } from "@/lib/server/runtime";

export const metadata: Metadata = { title: "Set up" };

type SetupPageProps = { searchParams: Promise<{ token?: string | string[] }> };

export default async function SetupPage({ searchParams }: SetupPageProps) {
  const setupToken = [(await searchParams).token].flat()[0];
  if (!setupToken || (await hasUsers(getDatabase()))) redirect("/");
  return <SetupWizard setupToken={setupToken} suggestions={presetModels} />;
}
