import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

interface Locked {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** Locations of what a production install of the server brings, by the lock file. */
function productionTree(packages: Readonly<Record<string, Locked>>): string[] {
  const seen = new Set<string>();
  const locate = (from: string, name: string): string | undefined => {
    for (let folder = from; ; folder = path.posix.dirname(folder)) {
      const location = path.posix.join(folder === '.' ? '' : folder, 'node_modules', name);
      const found = packages[location];
      if (found?.link === true) return found.resolved;
      if (found !== undefined) return location;
      if (folder === '.') return undefined;
    }
  };
  const visit = (location: string): void => {
    if (seen.has(location)) return;
    seen.add(location);
    const { dependencies, optionalDependencies } = packages[location]!;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = locate(location, name);
      if (found !== undefined) visit(found);
    }
  };
  visit('packages/server');
  return [...seen];
}

describe('The production install of the server', () => {
  const lock = path.join(ROOT, 'package-lock.json');

  // It builds only where no binary comes along for the system; `npm install --ignore-scripts` installs it as well.
  const EXCEPTIONS = ['node_modules/@photostructure/sqlite'];

  it('runs no install scripts but that of the SQLite driver, and needs 150 packages at most', function () {
    if (!existsSync(lock)) return this.skip();
    const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as { packages: Record<string, Locked> };
    const tree = productionTree(packages);
    expect(tree.filter((location) => packages[location]!.hasInstallScript === true)).to.deep.equal(EXCEPTIONS);
    expect(tree.length).to.be.within(50, 150);
  });
});
