/** Is this `Content-Type` SSZ? Media types are compared without regard to case and parameters (RFC 9110, 8.3.1). */
export function isSsz(contentType: string | undefined): boolean {
  return holds(contentType, "octet-stream");
}

/** Is it JSON, problem details and the like included? */
export function isJson(contentType: string | undefined): boolean {
  return holds(contentType, "json");
}

function holds(contentType: string | undefined, word: string): boolean {
  // Nearly all are in small letters: only what is not costs a copy.
  return contentType !== undefined && (contentType.includes(word) || contentType.toLowerCase().includes(word));
}
