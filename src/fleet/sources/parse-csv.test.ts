import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCsv } from "./parse-csv.ts";

const key = (n: number) => `0x${n.toString(16).padStart(96, "0")}`;

test("each row is a validator; columns other than pubkey and index are labels, an empty cell is none", () => {
  const text = `\ufeffindex,Pubkey,customer,rack\r\n5,${key(5).toUpperCase().replace("0X", "0x")},acme,a3\r\n\r\n6,,"big, ""old"" one",\r\n`;
  expect(parseCsv(text, "v.csv")).toEqual({
    ok: true,
    validators: [
      { pubkey: key(5), index: 5, labels: { customer: "acme", rack: "a3" } },
      { pubkey: undefined, index: 6, labels: { customer: 'big, "old" one' } },
    ],
    skipped: [],
    skippedCount: 0,
  });
});

test.each([";", "\t"])("cells may be parted by %j", (separator) => {
  const text = ["pubkey,customer", `${key(1)},acme`].join("\n").replaceAll(",", separator);
  expect(parseCsv(text, "v.csv")).toMatchObject({ validators: [{ pubkey: key(1), labels: { customer: "acme" } }] });
});

test("rows that cannot be understood are left out and told by line, at most 20 of them", () => {
  const bad = ["x,acme", ",acme", `${key(1)}`, `"${key(1)},acme`, `${key(1)},${"a".repeat(201)}`];
  const reading = parseCsv(`pubkey,customer\n${bad.join("\n")}\n${key(2)},acme\n`, "v.csv");
  expect(reading).toMatchObject({
    validators: [{ pubkey: key(2) }],
    skipped: [
      'line 2: "x" is not a key',
      "line 3: has neither key nor index",
      "line 4: has 1 columns instead of 2",
      "line 5: a quote is not closed",
      'line 6: the label "customer" is longer than 200 characters',
    ],
    skippedCount: 5,
  });
  const many = parseCsv(`index\n${"x\n".repeat(50)}`, "v.csv");
  expect(many).toMatchObject({ validators: [], skippedCount: 50 });
  if (!many.ok) throw new Error("was read");
  expect(many.skipped).toHaveLength(20);
  expect(many.skipped.at(-1)).toBe("and 31 more");
});

test.each([
  ["", "it is empty"],
  ["\n\n", "it is empty"],
  [`${key(1)}\n${key(2)}\n`, "no column is named pubkey or index"],
  ["name,customer\n", 'the columns are "name", "customer"'],
  ["pubkey,a,A\n", 'two columns are named "a"'],
  ['"pubkey\n', "a quote is not closed"],
])("a file that begins %j is refused: %s", (text, why) => {
  const reading = parseCsv(text, "v.csv");
  expect(reading).toMatchObject({ ok: false, error: { code: "source-bad-columns" } });
  expect(JSON.stringify(reading)).toContain(JSON.stringify(why).slice(1, -1));
});

test("a column whose name can be no label is told and left out; __proto__ is such a name", () => {
  const reading = parseCsv(`pubkey,__proto__,my rack,customer\n${key(1)},x,y,acme\n`, "v.csv");
  expect(reading).toMatchObject({
    validators: [{ labels: { customer: "acme" } }],
    skipped: ['line 1: column "__proto__" cannot be a label', 'line 1: column "my rack" cannot be a label'],
  });
});

test("a file in another encoding is refused as a whole", () => {
  expect(parseCsv("p\0u\0b\0k\0e\0y\0", "v.csv")).toMatchObject({ ok: false, error: { code: "source-unreadable" } });
});

test("whatever is written with quotes is read back the same, and no text makes the reader throw", () => {
  const cell = fc.stringMatching(/^[ -~]{0,30}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 4_294_967_295 }), cell), { maxLength: 20 }), (rows) => {
      const text = ["index,note", ...rows.map(([index, note]) => `${index},"${note.replaceAll('"', '""')}"`)].join(
        "\n",
      );
      const reading = parseCsv(text, "v.csv");
      expect(reading.ok && reading.validators.map(({ index, labels }) => [index, labels["note"] ?? ""])).toEqual(
        rows.map(([index, note]) => [index, note.trim()]),
      );
    }),
  );
  const junk = fc.string({
    unit: fc.constantFrom("a", ",", '"', "\n", "\r", "0x", "pubkey", "index", "1", " ", "\t", ";"),
  });
  fc.assert(
    fc.property(fc.oneof(fc.string(), junk), (text) => {
      const reading = parseCsv(`index,${text}`, "v.csv");
      expect(reading.ok ? reading.skipped.length <= 20 : reading.error.message.length > 0).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("100,000 keys with labels are read in well under a second, and share their label objects", () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => `${key(i)},${i},customer-${i % 50},vc${i % 20},rack${i % 7}`);
  const text = `pubkey,index,customer,validatorClient,rack\n${rows.join("\n")}\n`;
  const startedAt = process.cpuUsage();
  const reading = parseCsv(text, "v.csv");
  const { user, system } = process.cpuUsage(startedAt);
  if (!reading.ok) throw new Error(reading.error.message);
  expect(reading.validators).toHaveLength(100_000);
  expect(new Set(reading.validators.map(({ labels }) => labels)).size).toBe(700);
  expect((user + system) / 1000).toBeLessThan(1_000);
});
