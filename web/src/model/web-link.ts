/** A text of somebody else as a link, only where it is one to a web page: never to a script or a file. */
export function webLink(text: string): string | undefined {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "https:" || url.protocol === "http:") ? url.href : undefined;
}
