/** A path of this app, out of data that others may have written; `undefined` for anything that leads elsewhere. */
export function ownPath(link: string | undefined): string | undefined {
  if (link === undefined || !/^\/(?![/\\])/.test(link)) return undefined;
  return link;
}

/** An address that a browser may be sent to; `undefined` for "javascript:" and the like. */
export const webAddress = (text: string): string | undefined => (/^https?:\/\/[^\s]+$/i.test(text) ? text : undefined);
