import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { compileModel, parseModel } from '../../dist/model/index.js';
import { compile, definitions, graphOf, processWith, sequence } from './model-source.js';

const CONTENT = sequence(['A', '<userTask id="A" name="Prüfen"/>']);

async function nameOfA(xml: string | Uint8Array): Promise<string | undefined> {
  const { graphs, findings } = compileModel(await parseModel(xml));
  expect(findings.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
  return graphs[0]?.nodesById.get('A')?.name;
}

async function findingsOf(xml: string | Uint8Array) {
  return compileModel(await parseModel(xml)).findings.map(({ severity, code, elementId }) => [
    severity,
    code,
    elementId,
  ]);
}

async function syntaxMessage(xml: string | Uint8Array): Promise<string> {
  const { definitions: root, findings } = await parseModel(xml);
  expect(root).to.equal(undefined);
  expect(findings.map(({ code }) => code)).to.deep.equal(['model-syntax']);
  return findings[0]!.message;
}

function utf16(text: string, byteOrder: 'le' | 'be', withMark: boolean): Uint8Array {
  const bytes = Buffer.from(withMark ? `\uFEFF${text}` : text, 'utf16le');
  return byteOrder === 'le' ? bytes : bytes.swap16();
}

describe('parseModel', () => {
  it('hashes the text of the file with SHA-256', async () => {
    const xml = processWith(CONTENT);
    const parsed = await parseModel(xml);
    expect(parsed.hash).to.equal(createHash('sha256').update(xml).digest('hex'));
    expect((await parseModel(Buffer.from(`\uFEFF${xml}`))).hash).to.equal(parsed.hash);
    expect(parsed.xml).to.equal(xml);
  });

  describe('reads the encodings a file declares or shows', () => {
    const xml = processWith(CONTENT);
    const declaring = (encoding: string): string => xml.replace('encoding="UTF-8"', `encoding="${encoding}"`);
    const files: [string, string | Uint8Array][] = [
      ['text', xml],
      ['text that declares another encoding', declaring('ISO-8859-1')],
      ['text with a byte order mark', `\uFEFF${xml}`],
      ['UTF-8', Buffer.from(xml)],
      ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${xml}`)],
      ['UTF-8 without declaration', Buffer.from(xml.slice(xml.indexOf('<definitions')))],
      ['ISO-8859-1', Buffer.from(declaring('ISO-8859-1'), 'latin1')],
      ['UTF-16 little endian', utf16(declaring('UTF-16'), 'le', true)],
      ['UTF-16 big endian', utf16(declaring('UTF-16'), 'be', true)],
      ['UTF-16 without a byte order mark', utf16(declaring('UTF-16'), 'be', false)],
      ['Windows line ends', xml.replaceAll('\n', '\r\n')],
    ];
    for (const [name, file] of files) {
      it(name, async () => {
        expect(await nameOfA(file)).to.equal('Prüfen');
      });
    }
  });

  it('refuses bytes that do not fit the encoding, and encodings it does not know', async () => {
    const latin = Buffer.from(processWith(CONTENT), 'latin1');
    expect(await syntaxMessage(latin)).to.match(/'utf-8' does not fit the bytes/i);
    const unknown = processWith(CONTENT).replace('UTF-8', 'EBCDIC-XY');
    expect(await syntaxMessage(Buffer.from(unknown))).to.match(/EBCDIC-XY' is not supported/);
    const lying = processWith(CONTENT).replace('UTF-8', 'UTF-16');
    expect(await syntaxMessage(Buffer.from(lying))).to.match(/declares the encoding 'UTF-16' but is not written in it/);
  });

  it('refuses document type declarations, and takes the word as text elsewhere', async () => {
    const xml = processWith(CONTENT);
    const declared = xml.replace('?>\n', '?>\n<!-- first --><!DOCTYPE d [<!ENTITY a "b">]>\n');
    expect(await syntaxMessage(declared)).to.match(/document type declaration/);
    const script =
      '<scriptTask id="A" name="Prüfen"><script><![CDATA[return "<!DOCTYPE html>";]]></script></scriptTask>';
    expect(await nameOfA(processWith(sequence(['A', script])))).to.equal('Prüfen');
  });

  it('tells the line where a file stops being readable', async () => {
    expect(await syntaxMessage('')).to.match(/not readable/i);
    expect(await syntaxMessage('hello')).to.match(/line 1.*missing start tag/i);
    expect(await syntaxMessage('<html/>')).to.match(/unexpected element <html>/);
    expect(await syntaxMessage(definitions('\n<process id="P">\n<startEvent id="S">\n</process>'))).to.match(
      /line 5.*closing tag mismatch/,
    );
    expect(await syntaxMessage(processWith(CONTENT).slice(0, 400))).to.match(/not readable/);
    expect(await syntaxMessage('<definitions id="D"/>')).to.match(/unexpected element <definitions>/);
  });

  it('keeps the line numbers although it leaves out the diagram', async () => {
    const diagram = '<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI">\n\n\n</d:BPMNDiagram>\n';
    expect(await syntaxMessage(definitions(`${diagram}<process id="P"></oops>`))).to.match(/line 6/);
  });

  it('leaves the diagram out, but nothing that only looks like one', async () => {
    const diagram =
      '<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" id="A"><d:broken></d:BPMNDiagram>';
    const script =
      '<scriptTask id="A" name="Prüfen"><script><![CDATA[return "<d:BPMNDiagram>";]]></script></scriptTask>';
    expect(await nameOfA(processWith(sequence(['A', script]), diagram))).to.equal('Prüfen');
    const { graphs } = await compile(processWith(sequence(['A', script]), diagram));
    const node = graphs[0]!.nodesById.get('A')!;
    expect(node.kind === 'script-task' && node.script.source).to.equal('return "<d:BPMNDiagram>";');
  });

  it('reads characters beyond 16 bits', async () => {
    const xml = processWith(sequence(['A', '<userTask id="A" name="&#128512;&#x1F600;&amp;"/>']));
    expect(await nameOfA(xml)).to.equal('😀😀&');
  });

  it('goes by namespaces, whatever their prefixes', async () => {
    const graph = await graphOf(
      `<x:definitions xmlns:x="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/1.0/bpmn" id="D">
         <x:process id="P" isExecutable="true"><x:serviceTask id="A" zeebe:type="external" zeebe:topic="t"/></x:process>
       </x:definitions>`,
    );
    expect(graph.nodesById.get('A')!.kind).to.equal('external-task');
  });

  it('resolves references that are qualified names', async () => {
    const graph = await graphOf(
      processWith(
        sequence([
          'A',
          '<intermediateCatchEvent id="A"><messageEventDefinition messageRef="tns:M"/></intermediateCatchEvent>',
        ]),
        '<message id="M" name="order"/>',
      ),
    );
    const node = graph.nodesById.get('A')!;
    expect('eventDefinitions' in node && node.eventDefinitions[0]).to.have.nested.property('name.source', 'order');
  });

  describe('reports what the reader would drop', () => {
    const cases: [string, string, [string, string, string | undefined]][] = [
      ['an id that occurs twice', sequence(['A', '<task id="A"/><task id="A"/>']), ['error', 'duplicate-id', 'A']],
      ['an id that is none', sequence(['A', '<task id="A"/><task id="1 x"/>']), ['error', 'invalid-id', '1 x']],
      [
        'an element that BPMN does not have',
        `${CONTENT}<servicetask id="X"/>`,
        ['error', 'unknown-element', undefined],
      ],
      [
        'an attribute that BPMN does not have',
        sequence(['A', '<userTask id="A" assigned="x"/>']),
        ['warning', 'unknown-attribute', 'A'],
      ],
      ['text between elements', `${CONTENT} text `, ['warning', 'unreadable-content', undefined]],
      [
        'an attribute that occurs twice',
        sequence(['A', '<userTask id="A" name="a" name="b"/>']),
        ['error', 'unreadable-content', undefined],
      ],
      [
        'a flow from nowhere',
        `${CONTENT}<sequenceFlow id="f" sourceRef="X" targetRef="A"/>`,
        ['error', 'unresolved-reference', 'f'],
      ],
      [
        'a lane that lists nobody',
        `<laneSet><lane id="L"><flowNodeRef>X</flowNodeRef></lane></laneSet>${CONTENT}`,
        ['warning', 'unresolved-reference', 'L'],
      ],
      [
        'an event about an unknown error',
        sequence([
          'A',
          '<userTask id="A"/><boundaryEvent id="B" attachedToRef="A"><errorEventDefinition id="d" errorRef="X"/></boundaryEvent>',
        ]),
        ['error', 'unresolved-reference', 'B'],
      ],
    ];
    for (const [name, content, finding] of cases) {
      it(name, async () => {
        expect(await findingsOf(processWith(content))).to.deep.include(finding);
      });
    }
  });
});
