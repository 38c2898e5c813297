import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SOURCES = ['packages/*/src/**/*.ts', 'samples/**/*.ts'];
const TESTS = ['packages/*/test/**/*.ts'];
const STEPS = ['packages/core/src/{execution,model}/**/*.ts'];
/** Where the model meets libraries that can only be started asynchronously (the BPMN parser, the script sandbox). */
const ASYNCHRONOUS_EDGES = ['packages/core/src/model/**/{parse*,load-*}.ts'];

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

const wallClock = [
  'NewExpression[callee.name="Date"][arguments.length=0]',
  'CallExpression[callee.name="Date"]',
  'CallExpression[callee.object.name="DateTime"][callee.property.name="now"]',
  'CallExpression[callee.object.name="DateTime"][callee.property.name=/^(local|utc)$/][arguments.length=0]',
];

const promises = [
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

const forbidden = (selectors) => ['error', ...selectors.map((selector) => ({ selector, message: SYNCHRONOUS }))];

export default defineConfig(
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
      complexity: ['error', { max: 12, variant: 'modified' }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 7],
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
      'no-restricted-syntax': forbidden([...wallClock, ...promises]),
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

  { files: ASYNCHRONOUS_EDGES, rules: { 'no-restricted-syntax': forbidden(wallClock) } },
  // The test kit holds suites: functions that list cases and take the functions of a test runner.
  {
    files: ['packages/core/src/testing/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/unbound-method': 'off' },
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
