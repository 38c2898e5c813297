/** The steps of `npm run verify`: those of `npm test`, then what needs the npm registry. */
import { existsSync } from 'node:fs';
import { testSteps } from './test-steps.mjs';

/** @returns {import('./steps.mjs').Step[]} */
export function verifySteps() {
  const compat = { cwd: 'compat', when: () => existsSync('compat/package.json') };
  return [
    ...testSteps(),
    { name: 'tarballs', command: ['node', 'scripts/check-tarballs.mjs'] },
    { name: 'compat install', command: ['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=warn'], ...compat },
    { name: 'compat test', command: ['npm', 'test', '--silent'], ...compat },
  ];
}
