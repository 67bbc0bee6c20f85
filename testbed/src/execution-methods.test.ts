import { describe, expect, it } from "vitest";
import { answerRpc, newExecutionChain } from "./execution-methods.ts";

const attributes = { timestamp: "0x10", prevRandao: "0x01", suggestedFeeRecipient: "0xaa", withdrawals: [] };
const head = { headBlockHash: "0xhead", safeBlockHash: "0x0", finalizedBlockHash: "0x0" };
const call = (method: string, ...params: unknown[]) => ({ id: 1, method, params });

describe("answerRpc", () => {
  it("builds a payload for the recipient that was asked for, on the head that was named", () => {
    const chain = newExecutionChain();
    const started = answerRpc(chain, call("engine_forkchoiceUpdatedV2", head, attributes), false, "bn1");
    expect(started).toMatchObject({ result: { payloadStatus: { status: "VALID" }, payloadId: "0x0000000000000001" } });
    const built = answerRpc(chain, call("engine_getPayloadV2", "0x0000000000000001"), false, "bn1");
    expect(built).toMatchObject({
      result: { executionPayload: { parentHash: "0xhead", feeRecipient: "0xaa", timestamp: "0x10", withdrawals: [] } },
    });
  });

  it("records the first node that sends a payload", () => {
    const chain = newExecutionChain();
    const payload = { blockHash: "0xb", blockNumber: "0x2", timestamp: "0x20", feeRecipient: "0xaa" };
    for (const name of ["bn2", "bn1"]) answerRpc(chain, call("engine_newPayloadV2", payload), false, name);
    expect([...chain.payloads.values()]).toEqual([
      { blockHash: "0xb", blockNumber: 2, timestamp: 32, feeRecipient: "0xaa", firstSentBy: "bn2" },
    ]);
  });

  it("says SYNCING to payloads and heads, and starts no build, while it syncs", () => {
    const chain = newExecutionChain();
    expect(answerRpc(chain, call("engine_newPayloadV2", {}), true, "bn1")).toMatchObject({
      result: { status: "SYNCING" },
    });
    const updated = answerRpc(chain, call("engine_forkchoiceUpdatedV2", head, attributes), true, "bn1");
    expect(updated).toMatchObject({ result: { payloadStatus: { status: "SYNCING" }, payloadId: null } });
  });

  it("answers an unknown payload and an unknown method with the codes of the specification", () => {
    const chain = newExecutionChain();
    expect(answerRpc(chain, call("engine_getPayloadV2", "0x9"), false, "bn1")).toMatchObject({
      error: { code: -38001 },
    });
    expect(answerRpc(chain, call("engine_unknown"), false, "bn1")).toMatchObject({ error: { code: -32601 } });
  });
});
