import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take about a minute or more and nothing can shorten. */
const first = ["test/integration/gateway-devnet.test.ts", "src/app/up.test.ts"];
/** Tells what a fault is first seen by, which is another thing while three real nodes start and take all processors. */
const last = "test/integration/drills-sim.test.ts";

/** Vitest begins with the largest files where it has no times; a long one begun late would have the end to itself. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      if (moduleId.endsWith(`/${last}`)) return first.length + 1;
      const index = first.findIndex((name) => moduleId.endsWith(`/${name}`));
      return index < 0 ? first.length : index;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
