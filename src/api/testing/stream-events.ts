/** Reads a stream of server-sent events (HTML standard, 9.2) for tests. */
export interface StreamEvents {
  /** `data` of the next event with this name; those before it are passed over. */
  next(name: string): Promise<string>;
  /** Everything that came so far. */
  text(): string;
  end(): Promise<void>;
}

export function streamEvents(url: string, headers: Record<string, string>): StreamEvents {
  const stop = new AbortController();
  let text = "";
  let readTo = 0;
  let chunks: AsyncIterator<Uint8Array> | undefined;

  async function openStream(): Promise<AsyncIterator<Uint8Array>> {
    const response = await globalThis.fetch(url, { headers, signal: stop.signal });
    const body = response.body as AsyncIterable<Uint8Array> | null;
    if (!body) throw new Error(`open ${url}: there is no body`);
    return body[Symbol.asyncIterator]();
  }
  async function more(): Promise<void> {
    chunks ??= await openStream();
    const next = await chunks.next();
    if (next.done === true) throw new Error(`the stream ended after: ${text}`);
    text += Buffer.from(next.value).toString("utf8");
  }

  return {
    async next(name) {
      for (;;) {
        const end = text.indexOf("\n\n", readTo);
        if (end < 0) {
          await more();
          continue;
        }
        const event = text.slice(readTo, end);
        readTo = end + 2;
        if (event.startsWith(`event: ${name}\n`)) return event.slice(event.indexOf("data: ") + 6);
      }
    },
    text: () => text,
    async end() {
      const ending = chunks?.next().catch(() => undefined);
      stop.abort();
      await ending;
    },
  };
}
