/** Runs the conformance cases in this process, all at once, and tells what each that passes has executed. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { filesUnder, readJson } from '../workspaces.mjs';
import { ExecutionRecorder } from './execution-recorder.mjs';

const CASES = 'conformance/cases';

/** @returns {Promise<{evidence: {title: string, file: string, keys: string[]}[], failures: string[]}>} */
export async function conformanceEvidence() {
  const running = new AsyncLocalStorage();
  const recorder = new ExecutionRecorder(() => running.getStore());
  const [{ execCase }, { default: Driver }] = await Promise.all([
    import('../../conformance/lib/exec.mjs'),
    import('../../conformance/driver.mjs'),
  ]);
  const cases = filesUnder(CASES, '.json').map((file) => ({ file, scenario: readJson(file) }));
  const failures = [];
  const run = async ({ file, scenario }) => {
    const driver = new Driver();
    const models = scenario.models ?? [path.basename(file, '.json') + '.bpmn'];
    try {
      await driver.init();
      await execCase(
        scenario,
        models.map((name) => readFileSync(path.join(path.dirname(file), name), 'utf8')),
        driver,
      );
      const keys = await recorder.keysOf(scenario.id);
      return [{ title: scenario.title, file: file.replace('.json', '.bpmn'), keys }];
    } catch (error) {
      failures.push(`${scenario.id}: ${error.message}`);
      return [];
    } finally {
      await driver.dispose();
    }
  };
  const evidence = await Promise.all(cases.map((one) => running.run(one.scenario.id, () => run(one))));
  return { evidence: evidence.flat(), failures };
}
