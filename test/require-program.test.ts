import { afterEach, describe, expect, it, vi } from "vitest";
import { requireProgram } from "./require-program.ts";

const absent = { name: "no-such-program-here", pathVariable: "NO_SUCH_PATH", install: "apt-get install nothing" };

describe("requireProgram", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("finds a program by one of its names in PATH", () => {
    vi.stubEnv("PATH", "/nowhere:/bin:/usr/bin");
    expect(requireProgram({ name: "no-such-program-here", otherNames: ["sh"], install: "-" })).toMatch(/\/sh$/);
  });

  it("takes the path in the environment over PATH", () => {
    vi.stubEnv("NO_SUCH_PATH", "/bin/sh");
    expect(requireProgram(absent)).toBe("/bin/sh");
  });

  it("skips outside CI, and says the command to type", () => {
    vi.stubEnv("CI", "");
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(requireProgram(absent)).toBeUndefined();
    expect(said.mock.calls.join()).toContain("apt-get install nothing");
    said.mockRestore();
  });

  it("fails in CI", () => {
    vi.stubEnv("CI", "true");
    expect(() => requireProgram(absent)).toThrow(/apt-get install nothing.*CI/);
  });
});
