import { ConsumerApiClient, ExternalAccessor, ManagementApiClient } from '@process-engine/client';
import { createLogger, createServer } from '@process-engine/server';
import { expect } from 'chai';
import { rejection } from './support/rejection.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const GOD = { userId: 'dummy_token', token: 'ZHVtbXlfdG9rZW4=' };
const HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"><process id="P">';
const TAIL = '</process></definitions>';
const ENTITIES = Array.from(
  { length: 9 },
  (_, index) => `<!ENTITY lol${index + 1} "${`&lol${index};`.repeat(10)}">`,
).join('');

const REFUSED: Readonly<Record<string, readonly [xml: string, why: RegExp]>> = {
  'entities that grow': [
    `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY lol0 "lol">${ENTITIES}]>${HEAD}<documentation>&lol9;</documentation>${TAIL}`,
    /document type declaration/,
  ],
  'an entity that reads a file': [
    `<!DOCTYPE d [<!ENTITY file SYSTEM "file:///etc/passwd">]>${HEAD}<documentation>&file;</documentation>${TAIL}`,
    /document type declaration/,
  ],
  'a document type of another server': [
    `<!-- first --><!DOCTYPE d SYSTEM "http://127.0.0.1:1/d.dtd">${HEAD}${TAIL}`,
    /document type declaration/,
  ],
  'a declaration inside': [
    `${HEAD}<!DOCTYPE d [<!ENTITY e "x">]><task id="t" name="&e;"/>${TAIL}`,
    /document type declaration/,
  ],
  'ten megabytes of tasks': [
    `${HEAD}${Array.from({ length: 200_000 }, (_, index) => `<task id="t${index}" name="task number ${index}"/>`).join('')}${TAIL}`,
    /the model is too large: it has more than 25000 elements/,
  ],
};

describe('A hostile model', function () {
  this.timeout(60_000);
  const folder = new TemporaryFolder();
  const server = createServer({
    configuration: {},
    dataFolder: folder.path,
    port: 0,
    logger: createLogger({ level: 'silent' }),
  });
  let accessor: ExternalAccessor;
  before(async () => {
    await server.start();
    accessor = new ExternalAccessor({ url: server.url });
  });
  after(async () => {
    accessor.close();
    await server.stop();
    folder.remove();
  });

  for (const [what, [xml, why]] of Object.entries(REFUSED)) {
    it(`with ${what} is refused with a finding, and the server lives on`, async () => {
      const management = new ManagementApiClient(accessor);
      const error = await rejection(management.deploy(GOD, { files: [{ name: 'hostile.bpmn', xml }] }));

      expect(error).to.include({ code: 422 });
      const { findings } = (
        error as unknown as { additionalInformation: { findings: { severity: string; message: string }[] } }
      ).additionalInformation;
      expect(findings.some(({ severity, message }) => severity === 'error' && why.test(message))).to.equal(true);
      expect(JSON.stringify(findings)).not.to.match(/root:|lollol/);
      expect((await new ConsumerApiClient(accessor).getProcessModels(GOD)).totalCount).to.equal(0);
      expect((await fetch(`${server.url}/health/live`)).status).to.equal(200);
    });
  }
});
