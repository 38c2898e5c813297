import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { createStorage } from '@process-engine/repository';

import { instanceId } from '../support/committing-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PROGRAM = fileURLToPath(new URL('../support/committing-process.js', import.meta.url));

describe('a process that commits to a SQLite file', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  let child: ChildProcess | undefined;

  afterEach(() => {
    child?.kill('SIGKILL');
  });

  it('leaves every answered commit, and none by half, when it is killed', async () => {
    const file = join(folder, 'killed.sqlite');
    let answered = new Set<number>();
    for (let round = 0; round < 3; round += 1) {
      answered = new Set([...answered, ...(await commitUntilKilled(file, 100))]);
      const storage = createStorage({ dialect: 'sqlite', storage: file });
      await storage.open();
      for (const number of answered) {
        const stored = await storage.loadInstance(instanceId(number));
        expect(stored, `commit ${number}`).to.not.equal(undefined);
      }
      const { items } = await storage.findProcessInstances({ tenantId: '' });
      for (const { id } of items) {
        const stored = await storage.loadInstance(id);
        expect(stored?.flowNodeInstances, id).to.have.length(1);
        expect(stored?.variables, id).to.have.length(1);
        expect(stored?.userTasks, id).to.have.length(1);
      }
      const history = await storage.findFlowNodeInstances({ tenantId: '' });
      expect(history.totalCount).to.equal(items.length * 2);
      await storage.close();
    }
  });

  it('keeps other processes away until it ends', async () => {
    const file = join(folder, 'held.sqlite');
    child = spawn(process.execPath, [PROGRAM, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout ?? child, 'data');
    const storage = createStorage({ dialect: 'sqlite', storage: file });
    const [refused] = await Promise.allSettled([storage.open()]);
    expect(refused).to.have.property('status', 'rejected');
    expect(refused)
      .to.have.nested.property('reason.message')
      .that.matches(/held\.sqlite' is in use by another process/);
    child.kill('SIGKILL');
    await once(child, 'close');
    await storage.open();
    await storage.close();
  });

  it('is refused itself while this process holds the file', async () => {
    const file = join(folder, 'ours.sqlite');
    const storage = createStorage({ dialect: 'sqlite', storage: file });
    await storage.open();
    child = spawn(process.execPath, [PROGRAM, file], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    expect(code).to.equal(1);
    expect(said).to.match(/in use by another process/);
    await storage.close();
  });

  /** Kills the process once it has printed `count` answered commits; answers all that it printed. */
  async function commitUntilKilled(file: string, count: number): Promise<number[]> {
    const running = spawn(process.execPath, [PROGRAM, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = running;
    let output = '';
    running.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.split('\n').length > count) running.kill('SIGKILL');
    });
    await once(running, 'close');
    // The last line may have been cut off.
    const lines = output.split('\n').slice(0, -1);
    expect(lines.length).to.be.at.least(count);
    return lines.map(Number);
  }
});
