import { describe, expect, it } from "vitest";
import { backPath, refusedWords } from "./access-words.ts";

describe("backPath", () => {
  it("leads back to a page of ours with what stood in its address", () => {
    expect(backPath("/alerts?view=rules&find=a%20b#x")).toBe("/alerts?view=rules&find=a%20b#x");
  });
  it.each([
    undefined,
    "",
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "alerts",
    "/login?back=%2Flogin",
  ])("leads to the first page from %s", (back) => expect(backPath(back)).toBe("/"));
});

describe("refusedWords", () => {
  it("says who was refused", () => {
    const session = { kind: "user", name: "alice", role: "viewer", csrf: "x" } as const;
    expect(refusedWords("Ask an admin.", session, false)).toBe("You are alice, viewer. Ask an admin.");
    expect(refusedWords("Ask an admin.", session, true)).toBe(
      "The API token of this tab may not do this. Ask an admin.",
    );
    expect(refusedWords("Ask an admin.", { kind: "unknown" }, false)).toBe("Ask an admin.");
  });
});
