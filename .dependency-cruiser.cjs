/**
 * The dependency rules of the repository (ARCHITECTURE.md, Packages): which package may know which, the layers of the core,
 * what a behaviour may import. `scripts/package-rule.json` is the table; `scripts/check-packages.mjs` holds the package.json
 * files to the same table.
 */
const packageRule = require('./scripts/package-rule.json');

const oneOf = (names) => `(?:${names.join('|')})`;

/** A sibling package as a path: resolved to its build or, before the first build, left as the name that was imported. */
const packagePaths = (names) => [`^packages/${oneOf(names)}/`, `^@process-engine/${oneOf(names)}(?:/|$)`];

const allPackages = Object.keys(packageRule);
const CONTRACTS = packagePaths(['contracts']);
const NPM_PACKAGE = 'node_modules/';

const packageRules = allPackages.map((name) => ({
  name: `package-${name}`,
  comment: `packages/${name} may depend on: ${packageRule[name].join(', ') || 'no sibling'}.`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: {
    path: ['^packages/', '^@process-engine/'],
    pathNot: packagePaths([name, ...packageRule[name]]),
  },
}));

/** The rooms of core/src and what each may import besides itself, third-party packages and Node's builtins. */
const coreRooms = {
  model: [],
  execution: ['model'],
  runtime: ['execution', 'model'],
  services: ['runtime', 'execution', 'model'],
  storage: [],
};

const layerRules = Object.entries(coreRooms).map(([room, below]) => ({
  name: `core-layer-${room}`,
  comment: `services -> runtime -> execution -> model -> contracts; core/src/${room} may use: ${[...below, 'contracts'].join(', ')}.`,
  severity: 'error',
  from: { path: `^packages/core/src/${room}/` },
  to: {
    path: '^packages/core/',
    pathNot: [`^packages/core/src/${oneOf([room, ...below])}/`, NPM_PACKAGE],
  },
}));

module.exports = {
  forbidden: [
    ...packageRules,
    ...layerRules,
    {
      name: 'behaviour-imports',
      comment: 'A behaviour is written in the vocabulary of the step: it imports execution, model and contracts only.',
      severity: 'error',
      from: { path: '^packages/core/src/execution/behaviours/' },
      to: { pathNot: ['^packages/core/src/(?:execution|model)/', ...CONTRACTS] },
    },
    {
      name: 'step-is-pure',
      comment: 'Execution and model do no I/O: of the builtins only pure ones.',
      severity: 'error',
      from: { path: '^packages/core/src/(?:execution|model)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(?:node:)?(?:assert|buffer|crypto|util)$' },
    },
    {
      name: 'testing-kit-is-a-leaf',
      comment: 'core/src/testing may use everything in the core; the engine itself never uses the test kit.',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: '^packages/core/src/testing/' },
      to: { path: '^packages/core/src/testing/' },
    },
    {
      name: 'nobody-imports-samples',
      severity: 'error',
      from: { pathNot: '^samples/' },
      to: { path: '^samples/' },
    },
    {
      name: 'samples-use-published-names',
      comment: 'A sample imports packages by the names a user installs, and no other sample.',
      severity: 'error',
      from: { path: '^samples/([^/]+)/' },
      to: { path: ['^packages/', '^samples/'], pathNot: '^samples/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-deep-import',
      comment: 'Another package is imported by its name, never by a path into its folders.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-deep-name',
      comment: 'Only the subpaths of the exports map are public.',
      severity: 'error',
      from: {},
      to: { path: '^@process-engine/[^/]+/(?:src|dist|dist-test|test)(?:/|$)' },
    },
    {
      name: 'no-circular',
      comment: 'No cycle at run time. A cycle of which one import is `import type` exists for the compiler only.',
      severity: 'error',
      from: { path: '^(?:packages|samples)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'declared-dependencies',
      comment: 'Published code imports only what its own package.json lists as a (peer, optional) dependency.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: {
        path: NPM_PACKAGE,
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
      },
    },
    {
      name: 'not-unresolvable',
      comment:
        'The import leads nowhere. (Sibling packages and build output are exempt: they resolve once they are built.)',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^@process-engine/', '/dist/'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/', '/dist-test/'] },
    exclude: { path: ['/dist-test/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
      extensions: ['.ts', '.d.ts', '.js', '.mjs', '.cjs', '.json'],
    },
    skipAnalysisNotInRules: true,
  },
};
