import { readFileSync } from 'node:fs';

interface Application {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly homepage: string;
  readonly author: string;
  readonly contributors: readonly unknown[];
  readonly repository: object;
  readonly bugs: object;
}

/** This package, as the API and the command line tell about it: the root route answers all of it, as earlier servers did. */
export const APPLICATION: Application = read();

function read(): Application {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Application;
  const { name, version, description, license, homepage, author, contributors, repository, bugs } = manifest;
  return { name, version, description, license, homepage, author, contributors, repository, bugs };
}
