import tseslint from "typescript-eslint";
import { mayImport, typeOnly } from "./boundaries.ts";

const folders = Object.keys(mayImport);

/** One restriction per folder: every folder that its row does not name is forbidden. */
const boundaryRules = folders.map((folder) => {
  const allowed = mayImport[folder];
  const forbidden = folders.filter(
    (other) => other !== folder && other !== "lib" && allowed !== "everything" && !allowed?.includes(other),
  );
  if (allowed === "everything") forbidden.push("cli");
  const patterns = [{ regex: "(^|/)testbed/", message: "Nothing in src imports testbed." }];
  if (forbidden.length > 0)
    patterns.push({
      regex: `^(\\.\\./)+(${forbidden.join("|")})/`,
      message: `src/${folder} may not import this folder: see boundaries.ts.`,
    });
  if (typeOnly.includes(folder) && allowed !== "everything")
    patterns.push({
      regex: `^(\\.\\./)+(${(allowed ?? []).join("|")})/`,
      message: `src/${folder} may import only types from domain folders.`,
      allowTypeImports: true,
    });
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
  };
});

const shellOnly = "belongs in lib, app or cli: pass it in (style rule 4).";

export default tseslint.config(
  { ignores: ["**/node_modules/**", "**/dist/**", "docs/**", "testbed/node_modules/**", "data/**"] },
  { files: ["**/*.ts", "**/*.tsx"], extends: [tseslint.configs.base] },
  {
    files: [
      "src/**/*.ts",
      "web/src/**/*.ts",
      "web/src/**/*.tsx",
      "testbed/src/**/*.ts",
      "bench/**/*.ts",
      "test/**/*.ts",
      "scripts/**/*.ts",
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unsafe-assignment": "error",
      "@typescript-eslint/no-unsafe-call": "error",
      "@typescript-eslint/no-unsafe-member-access": "error",
      "@typescript-eslint/no-unsafe-return": "error",
      "@typescript-eslint/no-unsafe-argument": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/prefer-promise-reject-errors": "error",
      "no-constant-condition": ["error", { checkLoops: "allExceptWhileTrue" }],
      "no-empty": "error",
      eqeqeq: ["error", "always"],
      "prefer-const": "error",
      "no-console": "error",
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/lib/**", "src/app/**", "src/cli/**", "src/**/*.test.ts", "src/**/*.contract.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["setTimeout", "setInterval", "fetch", "process"].map((name) => ({ name, message: `${name} ${shellOnly}` })),
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: `Date.now ${shellOnly}` },
        { object: "Math", property: "random", message: `Math.random ${shellOnly}` },
      ],
    },
  },
  {
    files: ["src/cli/**/*.ts", "scripts/**/*.ts", "bench/**/*.ts", "testbed/src/**/*.ts"],
    rules: { "no-console": "off" },
  },
  ...boundaryRules,
);
