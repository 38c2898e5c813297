import { readFileSync } from 'node:fs';

interface Application {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

/** This package, as the API and the command line tell about it. */
export const APPLICATION: Application = read();

function read(): Application {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Application;
  const { name, version, description, license } = manifest;
  return { name, version, description, license };
}
