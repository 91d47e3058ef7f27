import { describe, expect, test } from "vitest";
import { archiveAndDelete } from "@/components/agents-sidebar/archive-and-delete";
import { ApiError } from "@/lib/contract/errors";

/** Records the acts in their order; those named fail with the code given. */
function acts(
  failures: Partial<Record<"archive" | "deleteWorkspace" | "unarchive", "conflict" | "not_found" | "unavailable">>,
) {
  const calls: string[] = [];
  const act = (name: "archive" | "deleteWorkspace" | "unarchive") => async () => {
    calls.push(name);
    const code = failures[name];
    if (code) throw new ApiError(code, `${name} failed`);
  };
  return {
    calls,
    acts: { archive: act("archive"), deleteWorkspace: act("deleteWorkspace"), unarchive: act("unarchive") },
  };
}

describe("archive and delete workspace", () => {
  test("archives first and deletes second", async () => {
    const { calls, acts: all } = acts({});
    expect(await archiveAndDelete(all)).toEqual({ kind: "done" });
    expect(calls).toEqual(["archive", "deleteWorkspace"]);
  });

  test("deletes nothing when archiving is refused", async () => {
    const { calls, acts: all } = acts({ archive: "conflict" });
    await expect(archiveAndDelete(all)).rejects.toThrow("archive failed");
    expect(calls).toEqual(["archive"]);
  });

  test("brings the agent back when the deletion is refused", async () => {
    const { calls, acts: all } = acts({ deleteWorkspace: "conflict" });
    expect((await archiveAndDelete(all)).kind).toBe("taken-back");
    expect(calls).toEqual(["archive", "deleteWorkspace", "unarchive"]);
    const both = acts({ deleteWorkspace: "conflict", unarchive: "conflict" });
    expect((await archiveAndDelete(both.acts)).kind).toBe("left-archived");
  });

  test("leaves it archived when no answer came, and takes a workspace that is gone as deleted", async () => {
    const lost = acts({ deleteWorkspace: "unavailable" });
    expect((await archiveAndDelete(lost.acts)).kind).toBe("unknown");
    expect(lost.calls).not.toContain("unarchive");
    expect((await archiveAndDelete(acts({ deleteWorkspace: "not_found" }).acts)).kind).toBe("done");
  });
});
