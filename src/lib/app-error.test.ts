import { expect, it } from "vitest";
import { AppError, describeError } from "./app-error.ts";

it("keeps the cause and tells it to a person", () => {
  const error = new AppError("read slotkeeper.yaml: write it with `slotkeeper config init`", {
    code: "config-missing",
    cause: new Error("no such file"),
  });
  expect(describeError(error)).toBe("read slotkeeper.yaml: write it with `slotkeeper config init`: no such file");
  expect(error.retryable).toBe(false);
  expect(describeError("text")).toBe("text");
});
