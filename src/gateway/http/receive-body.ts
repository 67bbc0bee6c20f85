import type { IncomingMessage } from "node:http";
import type { Exchange } from "../exchange.ts";
import { withoutHeaders } from "./check-headers.ts";
import { readBody, type BodyOutcome } from "./read-body.ts";
import { canUnpack, unpackBody, type UnpackOutcome } from "./unpack-body.ts";

const encodingHeader: ReadonlySet<string> = new Set(["content-encoding"]);

/**
 * Receives a request's body whole, counts its bytes as held, unpacks it unless the route is passed through byte for byte,
 * and calls `serve`. What cannot be received is answered here. With memory full only bulk is refused, publishing never.
 */
export function receiveBody(
  exchange: Exchange,
  request: IncomingMessage,
  limit: number,
  serve: (exchange: Exchange) => void,
): void {
  const { context, headers, route, res } = exchange;
  const mayRefuse = exchange.place !== undefined;

  function hold(bytes: number): boolean {
    context.memory.take(bytes);
    exchange.heldBytes += bytes;
    return !mayRefuse || !context.memory.isFull;
  }

  function finish(outcome: BodyOutcome | UnpackOutcome): void {
    if (outcome.kind === "gone" || exchange.isOver) return exchange.gone();
    switch (outcome.kind) {
      case "too-large":
        res.shouldKeepAlive = false;
        return exchange.fail(413, "body-too-large");
      case "no-room":
        res.shouldKeepAlive = false;
        return exchange.fail(503, "overloaded", "memory");
      case "garbage":
        return exchange.fail(400, "body-not-understood", headers.contentEncoding);
      case "whole":
        exchange.body = outcome.body;
        return serve(exchange);
    }
  }

  function unpack(outcome: BodyOutcome): void {
    if (outcome.kind !== "whole" || exchange.isOver) return finish(outcome);
    unpackBody(headers.contentEncoding, outcome.body, limit, (unpacked) => {
      if (unpacked.kind === "whole") {
        hold(unpacked.body.length);
        headers.forward = withoutHeaders(headers.forward, encodingHeader);
        headers.contentEncoding = "";
      }
      finish(unpacked);
    });
  }

  const isPacked = headers.contentEncoding !== "" && route.policy !== "pass" && canUnpack(headers.contentEncoding);
  readBody(request, limit, hold, isPacked ? unpack : finish);
}
