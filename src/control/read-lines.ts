import { StringDecoder } from "node:string_decoder";
import { AppError } from "../lib/app-error.ts";

/** Splits a byte stream into lines, bounded: a line over `maxLineBytes` is an `AppError`, not an ever larger buffer. */
export async function* readLines(source: AsyncIterable<Buffer>, maxLineBytes: number): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of source) {
    const parts = decoder.write(chunk).split("\n");
    parts[0] = rest + (parts[0] ?? "");
    rest = parts.pop() ?? "";
    for (const line of parts) if (line !== "") yield line;
    if (rest.length > maxLineBytes)
      throw new AppError(`read a line: it is over ${maxLineBytes} bytes`, { code: "control-garbage" });
  }
}
