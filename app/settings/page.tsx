import type { Metadata } from "next";
import { cookies } from "next/headers";
import { ChimeChoice } from "@/components/settings/chime-choice";
import { NameForm, PasswordForm } from "@/components/settings/profile-form";
import { SettingsSection } from "@/components/settings/section";
import { SettingsPage } from "@/components/settings/settings-frame";
import { parseTheme, THEME_COOKIE } from "@/components/theme";
import { ThemeChoice } from "@/components/theme-choice";
import { requireViewer } from "../viewer";

export const metadata: Metadata = { title: "Settings" };

export default async function GeneralSettingsPage() {
  const { user } = await requireViewer("/settings");
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <SettingsPage title="General">
      <SettingsSection title="Profile" hint={`${user.email}, ${user.role === "admin" ? "administrator" : "member"}`}>
        <NameForm user={user} />
      </SettingsSection>
      <SettingsSection title="Password" hint="Changing it signs out your other browsers.">
        <PasswordForm user={user} />
      </SettingsSection>
      <SettingsSection title="Theme" hint="Of this browser.">
        <ThemeChoice initial={theme} />
      </SettingsSection>
      <SettingsSection
        title="Sound"
        hint="Of this browser, once however many tabs are open, and never for the agent you look at."
      >
        <ChimeChoice />
      </SettingsSection>
    </SettingsPage>
  );
}
