import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take more than a minute, the longest first. */
const long = ["integration/gateway-devnet", "integration/drills-sim", "app/up"];

/** Vitest begins with the largest files where it has no times; a long one begun last would have the end to itself. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = long.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return index < 0 ? long.length : index;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
