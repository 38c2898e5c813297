import { expect } from 'chai';
import { compileModel, parseModel } from '../../dist/model/index.js';
import { MAX_MODEL_ELEMENTS } from '../../dist/model/parse/model-size.js';

const HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"><process id="P">';
const TAIL = '</process></definitions>';

async function findingsOf(content: string, after = ''): Promise<string[]> {
  const xml = `${HEAD}${content}${TAIL.replace('</definitions>', `${after}</definitions>`)}`;
  const { findings } = await parseModel(xml, { maxElements: MAX_MODEL_ELEMENTS });
  return findings.map(({ code, message }) => `${code}: ${message}`);
}

function repeated(length: number, part: (index: number) => string): string {
  return Array.from({ length }, (_, index) => part(index)).join('');
}

/** Megabytes of what a reader may look at again and again. */
const TOO_LARGE: Readonly<Record<string, string>> = {
  elements: repeated(50_000, (index) => `<task id="t${index}"/>`),
  'elements that are not closed': '<task>'.repeat(1_000_000),
  'tags without end': '<task'.repeat(1_000_000),
  'diagrams that are not closed': '<x:BPMNDiagram >'.repeat(600_000),
  'diagrams without end of the tag': '<x:BPMNDiagram '.repeat(600_000),
  comments: '<!-- -->'.repeat(1_000_000),
  'comments that are not closed': '<!--'.repeat(2_000_000),
  'CDATA sections': '<![CDATA[]]>'.repeat(800_000),
  'CDATA sections that are not closed': `${'<![CDATA['.repeat(1_000_000)}&#x1F600;`,
  levels: repeated(1_000, (index) => `<subProcess id="s${index}">`),
  attributes: `<task ${repeated(500_000, (index) => `a${index}="1"`)}/>`,
  namespaces: repeated(5_000, (index) => `<task xmlns:n${index}="u"/>`),
};

describe('The size of a model', function () {
  this.timeout(30_000);

  for (const [what, content] of Object.entries(TOO_LARGE)) {
    it(`is limited: too many ${what}`, async () => {
      const findings = await findingsOf(content);

      expect(findings).to.have.lengthOf(1);
      expect(findings[0]).to.match(/^model-syntax: .*the model is too large: it has more than \d+ /);
    });
  }

  it('does not depend on what looks like elements in scripts and comments', async () => {
    const script = `<scriptTask id="s"><script><![CDATA[${'if (i<n) f(i<m); '.repeat(50_000)}]]></script></scriptTask>`;
    expect(await findingsOf(`<!-- ${'<a>'.repeat(50_000)} -->${script}`)).to.deep.equal([]);
  });

  const BROKEN: Readonly<Record<string, string>> = {
    'elements BPMN does not have': '<nonsense/>'.repeat(24_000),
    'ids that occur again': '<task id="x"/>'.repeat(20_000),
    'attributes that occur again': `<task id="x" ${'a="1" '.repeat(190_000)}/>`,
    'lines with something wrong in a long file': `<documentation>${'\n'.repeat(5_000_000)}</documentation>${'<nonsense/>'.repeat(1_000)}`,
  };
  for (const [what, content] of Object.entries(BROKEN)) {
    it(`is no matter where reading ends for ${what}`, async () => {
      const findings = await findingsOf(content);

      expect(findings).to.have.lengthOf(1);
      expect(findings[0]).to.match(/^model-syntax: .*more than \d+ parts of it cannot be read; the first: /);
    });
  }

  it('does not multiply where every gateway may wait for every other', async () => {
    const gateways = (count: number) =>
      repeated(
        count,
        (index) =>
          `<inclusiveGateway id="g${index}"/>` +
          `<sequenceFlow id="a${index}" sourceRef="g${index}" targetRef="g${(index + 1) % count}"/>` +
          `<sequenceFlow id="b${index}" sourceRef="g${index}" targetRef="g${(index * 7 + 3) % count}"/>`,
      );
    const complaints = async (count: number) => {
      const { findings } = compileModel(await parseModel(`${HEAD}${gateways(count)}${TAIL}`));
      return findings.filter(({ message }) => message.includes('too many inclusive and complex joins'));
    };

    expect(await complaints(300)).to.deep.equal([]);
    expect(await complaints(4_000)).to.have.lengthOf(1);
  });

  it('is not that of its texts and its diagram', async () => {
    const shapes = '<di:BPMNShape id="s"/>'.repeat(300_000);
    const diagram = `<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI">${shapes}</di:BPMNDiagram>`;
    const text = `<documentation>${'long '.repeat(600_000)}</documentation>`;

    expect(await findingsOf(`${text}<task id="t"/>`, diagram)).to.deep.equal([]);
    expect(await findingsOf('<task id="t"/>', '<b:BPMNDiagram></b:BPMNDiagram>'.repeat(100_000))).to.deep.equal([]);
  });

  it('may be that of 5,000 activities', async () => {
    const activities = repeated(
      5_000,
      (index) =>
        `<userTask id="t${index}"><incoming>f${index}</incoming><outgoing>f${index + 1}</outgoing></userTask>` +
        `<sequenceFlow id="f${index}" sourceRef="t${index}" targetRef="t${index}"/>`,
    );

    expect(await findingsOf(activities.replace('f5000<', 'f0<'))).to.deep.equal([]);
  });
});
