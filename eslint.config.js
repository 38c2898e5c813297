import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const SOURCES = ['packages/*/src/**/*.ts', 'samples/**/*.ts'];
const TESTS = ['packages/*/test/**/*.ts'];
const STEPS = ['packages/core/src/{execution,model}/**/*.ts'];

const SYNCHRONOUS = 'Steps are synchronous and take time, ids and chance from the command.';

const impureGlobals = [
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'fetch',
  'performance',
  'process',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
];

const impureSyntax = [
  'NewExpression[callee.name="Date"][arguments.length=0]',
  'CallExpression[callee.name="Date"]',
  'CallExpression[callee.object.name="DateTime"][callee.property.name="now"]',
  'CallExpression[callee.object.name="DateTime"][callee.property.name=/^(local|utc)$/][arguments.length=0]',
  ':function[async=true]',
  'AwaitExpression',
  'ForOfStatement[await=true]',
  'ImportExpression',
  'Identifier[name=/^Promise(Like)?$/]',
];

const impureProperties = [
  { object: 'Date', property: 'now' },
  { object: 'Math', property: 'random' },
  { object: 'crypto', property: 'randomUUID' },
  { object: 'crypto', property: 'getRandomValues' },
];

export default tseslint.config(
  { ignores: ['**/dist/', '**/dist-test/', '**/coverage/', '**/node_modules/', '.cache/', '.data/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  // Every file: what can be said without types.
  eslint.configs.recommended,
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly'])),
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { module: 'writable', require: 'readonly' } },
  },
  { files: ['**/*.ts'], extends: [tseslint.configs.recommended] },

  // What is published and what users copy: with types.
  {
    files: SOURCES,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // An async method without await is how a port is implemented synchronously: a throw becomes a rejection.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      complexity: ['error', 12],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 6],
    },
  },
  {
    files: STEPS,
    rules: {
      'no-restricted-globals': [
        'error',
        { globals: impureGlobals.map((name) => ({ name, message: SYNCHRONOUS })), checkGlobalObject: true },
      ],
      'no-restricted-properties': ['error', ...impureProperties.map((entry) => ({ ...entry, message: SYNCHRONOUS }))],
      'no-restricted-syntax': ['error', ...impureSyntax.map((selector) => ({ selector, message: SYNCHRONOUS }))],
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:crypto', 'crypto'].map((name) => ({
            name,
            importNames: ['randomUUID', 'randomBytes', 'randomInt', 'webcrypto', 'default'],
            message: SYNCHRONOUS,
          })),
        },
      ],
    },
  },

  // Tests: chai's `expect(x).to.be.true` is an expression; a stub may be loosely typed; a forgotten await is still an error.
  {
    files: TESTS,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
);
