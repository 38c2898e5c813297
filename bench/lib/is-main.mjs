import { fileURLToPath } from 'node:url';

/** True in the file that Node.js was started with. @param {string} url `import.meta.url` of the file */
export function isMain(url) {
  return process.argv[1] === fileURLToPath(url);
}
