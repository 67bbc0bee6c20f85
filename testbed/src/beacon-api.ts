import { DevnetError } from "./devnet-error.ts";

export type RequestOptions = { signal?: AbortSignal | undefined; timeoutMs?: number | undefined };

const defaultTimeoutMs = 5_000;

/** GET of a beacon-API path; null on 404. `T` is what the specification promises, unchecked. */
export async function getOrNull<T>(url: string, path: string, options: RequestOptions = {}): Promise<T | null> {
  const response = await send("GET", url, path, undefined, options);
  if (response.status === 404) {
    await response.body?.cancel();
    return null;
  }
  return (await readOk(response, `GET ${path} of ${url}`)) as T;
}

/** GET of a beacon-API path; every status but 2xx is a `DevnetError`. */
export async function getJson<T>(url: string, path: string, options: RequestOptions = {}): Promise<T> {
  return (await readOk(await send("GET", url, path, undefined, options), `GET ${path} of ${url}`)) as T;
}

/** POST with a JSON body; an empty answer is null. */
export async function postJson<T>(url: string, path: string, body: unknown, options: RequestOptions = {}): Promise<T> {
  return (await readOk(await send("POST", url, path, body, options), `POST ${path} to ${url}`)) as T;
}

async function send(
  method: string,
  url: string,
  path: string,
  body: unknown,
  options: RequestOptions,
): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  const content =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  try {
    return await fetch(url + path, { method, signal, ...content });
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new DevnetError("beacon-api", `${method} ${path} of ${url} had no answer: is the node up?`, cause);
  }
}

async function readOk(response: Response, action: string): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) {
    throw new DevnetError("beacon-api", `${action} answered ${response.status}: ${text.slice(0, 200)}`);
  }
  return text === "" ? null : JSON.parse(text);
}
