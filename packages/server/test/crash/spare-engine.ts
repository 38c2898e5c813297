/** One engine process loads its modules while the one before it still works: starting costs most of a test's time. */
import { after } from 'mocha';
import { ChildEngine } from './child-engine.js';

let spare: ChildEngine | undefined;

/** A process that has begun to load; another one begins in its place. */
export function takeSpareEngine(): ChildEngine {
  const taken = spare ?? new ChildEngine();
  spare = new ChildEngine();
  return taken;
}

after(async () => {
  await spare?.kill();
});
