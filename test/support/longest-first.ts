import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take about a minute or more and nothing can shorten. */
const first = ["test/integration/gateway-devnet.test.ts", "src/app/up.test.ts"];
/**
 * Tells what a fault is first seen by, which is another thing while three real nodes start and take all processors. So many
 * others, a minute and a half of them, come before it.
 */
const later = { file: "test/integration/drills-sim.test.ts", after: 5 };

/** Vitest begins with the largest files where it has no times; a long one begun late would have the end to itself. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isFile = (name: string) => (file: TestSpecification) => file.moduleId.endsWith(`/${name}`);
    const rank = (file: TestSpecification): number => {
      const index = first.findIndex((name) => isFile(name)(file));
      return index < 0 ? first.length : index;
    };
    const sorted = (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
    const others = sorted.filter((file) => !isFile(later.file)(file));
    // Files of other projects stand in the same list.
    const beside = others.filter(({ moduleId }) => moduleId.includes("/test/integration/"));
    const before = beside[later.after - 1];
    const at = before === undefined ? others.length : others.indexOf(before) + 1;
    return [...others.slice(0, at), ...sorted.filter(isFile(later.file)), ...others.slice(at)];
  }
}
