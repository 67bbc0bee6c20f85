import { Socket } from "node:net";
import { expect, test } from "vitest";
import { createFakeClock } from "../../lib/fake-clock.ts";
import { LaneResponse } from "./lane-response.ts";

test.each(["a\u0001b", "a\r\nSet-Cookie: b", "\u0100"])(
  "a value that may not stand in a header is refused: %j",
  (value) => {
    const response = new LaneResponse(new Socket(), createFakeClock(), 120_000, () => undefined);
    expect(() => response.writeHead(200, ["x-odd", value])).toThrow(TypeError);
    expect(() => response.writeHead(200, ["x-odd", ["good", value]])).toThrow(TypeError);
    expect(response.headersSent).toBe(false);
    response.writeHead(200, ["x-good", "yes"]);
    expect(response.headersSent).toBe(true);
  },
);
