/**
 * `npm run lint`: rules that find faults, and the word list for comments and documents. Prettier formats, so no rule is
 * about style. tsc already finds unused locals, unreachable code and missing returns.
 */
import { tsImport } from 'tsx/esm/api';
import tseslint from 'typescript-eslint';

// Node 20 loads no TypeScript by itself.
const { plainEnglish } = await tsImport('./test/support/lint/plainEnglish.ts', import.meta.url);
const { markdown } = await tsImport('./test/support/lint/markdown.ts', import.meta.url);

const errors = (names, prefix = '') => Object.fromEntries(names.map((name) => [prefix + name, 'error']));

/** Rules that look at one file's syntax. */
const SYNTAX = errors([
  'eqeqeq',
  'for-direction',
  'no-async-promise-executor',
  'no-compare-neg-zero',
  'no-cond-assign',
  'no-constant-binary-expression',
  'no-constant-condition',
  'no-constructor-return',
  'no-control-regex',
  'no-debugger',
  'no-dupe-else-if',
  'no-duplicate-case',
  'no-empty',
  'no-empty-character-class',
  'no-empty-pattern',
  'no-eval',
  'no-ex-assign',
  'no-extend-native',
  'no-fallthrough',
  'no-invalid-regexp',
  'no-irregular-whitespace',
  'no-misleading-character-class',
  'no-prototype-builtins',
  'no-self-assign',
  'no-self-compare',
  'no-shadow-restricted-names',
  'no-sparse-arrays',
  'no-unassigned-vars',
  'no-unexpected-multiline',
  'no-unreachable-loop',
  'no-unsafe-finally',
  'no-unsafe-negation',
  'no-unsafe-optional-chaining',
  'no-unused-labels',
  'no-useless-assignment',
  'no-useless-backreference',
  'no-useless-catch',
  'no-useless-escape',
  'no-useless-rename',
  'no-var',
  'prefer-const',
  'preserve-caught-error',
  'require-yield',
  'use-isnan',
  'valid-typeof',
]);

const TYPESCRIPT_SYNTAX = {
  ...errors(
    [
      'ban-ts-comment',
      'no-explicit-any',
      'no-extra-non-null-assertion',
      'no-non-null-asserted-nullish-coalescing',
      'no-non-null-asserted-optional-chain',
      'no-require-imports',
      'no-unsafe-function-type',
      'no-unused-expressions',
      'no-wrapper-object-types',
    ],
    '@typescript-eslint/',
  ),
  '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
  // `const { block: _, ...rest } = plan` leaves a property out.
  '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
};

/** Rules that need types. They take most of the time. */
const TYPES = {
  ...errors(
    [
      'await-thenable',
      'no-array-delete',
      'no-base-to-string',
      'no-floating-promises',
      'no-for-in-array',
      'no-implied-eval',
      'no-misused-promises',
      'no-misused-spread',
      'no-unnecessary-type-assertion',
      'no-unsafe-argument',
      'no-unsafe-assignment',
      'no-unsafe-call',
      'no-unsafe-member-access',
      'no-unsafe-return',
      'no-unsafe-unary-minus',
      'prefer-promise-reject-errors',
      'require-array-sort-compare',
      'restrict-plus-operands',
    ],
    '@typescript-eslint/',
  ),
  '@typescript-eslint/only-throw-error': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

const PROSE = {
  plugins: { cnnc: { rules: { 'plain-english': plainEnglish } } },
  rules: { 'cnnc/plain-english': 'error' },
};

export default [
  {
    ignores: [
      'generated/',
      '**/dist/',
      // The quick start and training runs write these.
      'build/',
      'runs/',
      'docs/api/',
      'docs/.vitepress/cache/',
      '**/node_modules/',
      'test/golden/*/expected*/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.{js,mjs,ts}'], ...PROSE },
  { files: ['**/*.md'], languageOptions: { parser: markdown }, ...PROSE },
  // The subject is face detection.
  {
    files: ['models/ultraface.ts', 'test/models/nets.test.ts'],
    rules: { 'cnnc/plain-english': ['error', { allow: ['face'] }] },
  },
  // The names of ImageNet's classes have these words.
  {
    files: ['compiler/frontend/imagenetLabels.ts'],
    rules: { 'cnnc/plain-english': ['error', { allow: ['face', 'house'] }] },
  },
  // The list, and its test.
  { files: ['test/support/lint/words.ts', 'test/lint.test.ts'], rules: { 'cnnc/plain-english': 'off' } },
  { files: ['**/*.{js,mjs,ts}'], rules: SYNTAX },
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: TYPESCRIPT_SYNTAX,
  },
  {
    // What tsconfig.json includes.
    files: ['{compiler,runtime,models,test}/**/*.ts'],
    ignores: ['test/golden/**'],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: TYPES,
  },
  // Tests evaluate the text that is printed.
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-implied-eval': 'off' } },
  {
    // Throws what a promise was rejected with. The file is copied into packages, where a comment for a linter has no place.
    files: ['runtime/webgpu/image.ts'],
    rules: { '@typescript-eslint/only-throw-error': 'off' },
  },
];
