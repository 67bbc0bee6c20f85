import { expect, test } from "vitest";
import { readFraming } from "./framing.ts";

test.each([
  ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0],
  ["POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab", 3],
  ["POST / HTTP/1.1\r\ncontent-length:5\r\n\r\nabcde", 0],
  ["POST / HTTP/1.1\r\nHost: a\r\n", -1],
  ["POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", -1],
  ["POST / HTTP/1.1\r\nTransfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n", -1],
  ["POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na", -1],
  ["POST / HTTP/1.1\r\nContent-Length : 1\r\n\r\na", -1],
  ["POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\na", -1],
  ["POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\na", -1],
  ["GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", -1],
  ["GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n", -1],
])("%j: %i bytes to come", (text, expected) => {
  expect(readFraming(Buffer.from(text))).toBe(expected);
});
