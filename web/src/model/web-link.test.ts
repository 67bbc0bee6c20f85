import { expect, it } from "vitest";
import { webLink } from "./web-link.ts";

it("links to web pages only", () => {
  expect(webLink("https://wiki.example/a b")).toBe("https://wiki.example/a%20b");
  for (const text of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "see the wiki", ""])
    expect(webLink(text)).toBeUndefined();
});
