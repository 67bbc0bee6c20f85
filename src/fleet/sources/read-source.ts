import { readFailure } from "../../lib/read-failure.ts";
import type { ValidatorSource } from "../validator-sources.ts";
import { parseCsv } from "./parse-csv.ts";
import { parseText } from "./parse-text.ts";
import { readKeymanager } from "./read-keymanager.ts";
import { readList } from "./read-list.ts";
import { readPostgres } from "./read-postgres.ts";
import { readWeb3signer } from "./read-web3signer.ts";
import { failedReading, maxSourceBytes, type SourceReading } from "./reading.ts";
import type { SourceIo } from "./source-io.ts";

/** Reads one source once. Never rejects for what a source can do: the reading says why it failed. */
export async function readSource(source: ValidatorSource, io: SourceIo, signal: AbortSignal): Promise<SourceReading> {
  switch (source.kind) {
    case "list":
      return readList(source.keys);
    case "text":
      return readFile(source.path, parseText, io, signal);
    case "csv":
      return readFile(source.path, parseCsv, io, signal);
    case "keymanager":
      return readKeymanager(source, io.get, signal);
    case "web3signer":
      return readWeb3signer(source, io.get, signal);
    case "postgres":
      return readPostgres(source, io.query, signal);
  }
}

type Parse = (text: string, file: string) => SourceReading;

async function readFile(path: string, parse: Parse, io: SourceIo, signal: AbortSignal): Promise<SourceReading> {
  let text: string;
  try {
    text = await io.readText(path, maxSourceBytes, signal);
  } catch (error) {
    if (signal.aborted) return failedReading("source-timeout", `read ${path}: not finished in time`);
    const isTooLarge = error instanceof Error && "code" in error && error.code === "EFBIG";
    return isTooLarge
      ? failedReading("source-too-large", `read ${path}: it has more than ${maxSourceBytes} bytes`)
      : failedReading("source-unreadable", `read ${path}: ${readFailure(error)}`);
  }
  return parse(text, path);
}
