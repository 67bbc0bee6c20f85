import { expect, it } from "vitest";
import { withGenesisTime } from "./genesis.ts";

it("sets the first field of the state and nothing else", () => {
  const state = Buffer.from("00000000000000001122", "hex");
  expect(withGenesisTime(state, 0x0102).toString("hex")).toBe("02010000000000001122");
  expect(state.toString("hex")).toBe("00000000000000001122");
});
