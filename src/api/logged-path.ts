/** The path of a request as a log may hold it: a link that acknowledges a page is a proof, and not written down. */
export function loggedPath(url: string): string {
  return url.replace(/(\/acknowledge\/)[^/?#]+/, "$1***");
}
