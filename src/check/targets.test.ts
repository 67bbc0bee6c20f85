import { expect, test } from "vitest";
import { maskUrl, parseTargets } from "./targets.ts";

const parse = (changes: Partial<Parameters<typeof parseTargets>[0]>) =>
  parseTargets({ nodes: [], references: [], validatorClients: [], hosts: [], ...changes });

test("one URL named twice, in whatever spelling, is asked once and said so", () => {
  const targets = parse({ nodes: ["http://bn1:5052", "http://BN1:5052/", "http://bn1:5052//"] });
  expect(targets.nodes.map(({ url }) => url)).toEqual(["http://bn1:5052"]);
  expect(targets.notes).toHaveLength(2);
});

test("a node cannot be its own reference", () => {
  const targets = parse({ nodes: ["http://bn1:5052"], references: ["http://bn1:5052/"] });
  expect(targets.references).toEqual([]);
  expect(targets.notes[0]).toContain("proves nothing");
});

test("nodes that share a host are told apart by their path", () => {
  const names = parse({ nodes: ["http://lb/a", "http://lb/b"] }).nodes.map(({ subject }) => subject.name);
  expect(names).toEqual(["lb/a", "lb/b"]);
});

test("credentials become a header and are never part of what is shown", () => {
  const [target] = parse({ nodes: ["https://me:s%40cret@bn1/eth"] }).nodes;
  expect(target?.headers["authorization"]).toBe(`Basic ${Buffer.from("me:s@cret").toString("base64")}`);
  expect(JSON.stringify([target?.url, target?.subject])).not.toMatch(/cret|me:/);
});

test("a query cannot be sent along, and that is said without repeating it", () => {
  const { nodes, notes } = parse({ nodes: ["http://bn1:5052/eth?apikey=secret"] });
  expect(nodes[0]?.url).toBe("http://bn1:5052/eth");
  expect(notes).toHaveLength(1);
  expect(notes.join()).not.toContain("secret");
});

test("keys in path and query are masked", () => {
  expect(maskUrl("https://x.example/v1/0123456789abcdef0123456789/eth?key=secret")).toBe(
    "https://x.example/v1/***/eth?***",
  );
});

test("a metrics URL without a path means /metrics", () => {
  const { hosts } = parse({ hosts: ["http://h:9100", "http://h:9200/other"] });
  expect(hosts.map(({ url }) => url)).toEqual(["http://h:9100/metrics", "http://h:9200/other"]);
});

test.each(["localhost:5052", "127.0.0.1:5052", "", "ftp://x", "http://", "file:///etc/passwd", "http://a b"])(
  "refuses %j and says how to write it",
  (text) => {
    expect(() => parse({ nodes: [text] })).toThrow(/write it like http:\/\/localhost:5052/);
  },
);

test("does not repeat a password in its complaint", () => {
  expect(() => parse({ nodes: ["me:secret@bn1"] })).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining("secret") as string }),
  );
});
