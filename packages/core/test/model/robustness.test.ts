import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ALL_ELEMENTS, compileModel, parseModel, type ProcessGraph } from '../../dist/model/index.js';
import { compile, flow, processWith, sequence } from './model-source.js';

/** A file with something of everything, to be damaged. */
const RICH = processWith(
  `<laneSet id="LS"><lane id="L" name="Lane"><flowNodeRef>S</flowNodeRef><flowNodeRef>U</flowNodeRef></lane></laneSet>
   <dataObject id="Items" name="items" isCollection="true"/><dataObjectReference id="ItemsRef" dataObjectRef="Items"/>
   ${sequence(
     [
       'U',
       '<userTask id="U" camunda:assignee="${x}"><extensionElements><camunda:formData><camunda:formField id="f" label="l"/></camunda:formData></extensionElements><multiInstanceLoopCharacteristics id="mi"><loopDataInputRef>ItemsRef</loopDataInputRef><inputDataItem id="it" name="it"/></multiInstanceLoopCharacteristics></userTask>',
     ],
     [
       'X',
       '<serviceTask id="X" camunda:type="external" camunda:topic="t"><extensionElements><camunda:properties><camunda:property name="payload" value="token.current"/></camunda:properties></extensionElements></serviceTask><boundaryEvent id="B" attachedToRef="X"><errorEventDefinition id="ed" errorRef="Err"/></boundaryEvent>',
     ],
     ['G', '<inclusiveGateway id="G" default="G-T"/>'],
     [
       'T',
       '<intermediateThrowEvent id="T"><compensateEventDefinition id="cd" activityRef="SP"/></intermediateThrowEvent>',
     ],
     [
       'SP',
       '<subProcess id="SP"><startEvent id="IS"/><task id="IT"/><sequenceFlow id="if" sourceRef="IS" targetRef="IT"/><subProcess id="EX" triggeredByEvent="true"><startEvent id="ES"><messageEventDefinition id="md" messageRef="M"/></startEvent></subProcess></subProcess><boundaryEvent id="CB" attachedToRef="SP"><compensateEventDefinition id="cd2"/></boundaryEvent><scriptTask id="H" isForCompensation="true"><script>return 1</script></scriptTask><association id="as" sourceRef="CB" targetRef="H"/>',
     ],
     [
       'C',
       '<callActivity id="C" calledElement="Sub"><extensionElements><camunda:in variables="all"/></extensionElements></callActivity>',
     ],
     [
       'W',
       '<intermediateCatchEvent id="W"><timerEventDefinition id="td"><timeDuration>PT1S</timeDuration></timerEventDefinition></intermediateCatchEvent>',
     ],
   )}
   ${flow('B', 'E')}${flow('G', 'E', '<conditionExpression id="ce">token.history.U.ok</conditionExpression>')}
   <correlationSubscription id="CS" correlationKeyRef="K"><correlationPropertyBinding correlationPropertyRef="CP"><dataPath>a</dataPath></correlationPropertyBinding></correlationSubscription>`,
  `<message id="M" name="m"/><error id="Err" errorCode="1"/>
   <correlationProperty id="CP" name="cp"><correlationPropertyRetrievalExpression messageRef="M"><messagePath>a</messagePath></correlationPropertyRetrievalExpression></correlationProperty>
   <collaboration id="Co"><participant id="pa" processRef="P"/><correlationKey id="K"><correlationPropertyRef>CP</correlationPropertyRef></correlationKey></collaboration>`,
);

/** Numbers below `limit`, the same in every run. */
function pseudoRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % limit;
  };
}

function damaged(seed: number): string {
  const next = pseudoRandom(seed);
  const parts = RICH.split(/(<[^>]*>|"[^"]*")/).filter((part) => part !== '');
  for (let wounds = 1 + next(3); wounds > 0; wounds -= 1) {
    const index = next(parts.length);
    const other = parts[next(parts.length)]!;
    const ways = [
      () => '',
      () => other,
      () => parts[index]!.replace(/"[^"]*"/, `"${['', 'S', 'E', 'SP', 'M', 'Items', 'G-T', 'Err'][next(8)]}"`),
      () => parts[index]! + other,
    ];
    parts[index] = ways[next(ways.length)]!();
  }
  return parts.join('');
}

/** What every graph keeps to, so that execution can rely on it. */
function checkGraph(graph: ProcessGraph): void {
  for (const node of graph.nodesById.values()) {
    expect(node.scope).to.not.equal(undefined);
    expect((node.scope!.nodes as readonly unknown[]).includes(node)).to.equal(true);
    for (const out of node.outgoing) {
      expect(out.source).to.equal(node);
      expect(out.target.incoming).to.include(out);
      expect(out.target.scope).to.equal(node.scope);
      expect(graph.nodesById.get(out.target.id)).to.equal(out.target);
    }
    for (const event of node.boundaryEvents) expect(event.attachedTo).to.equal(node);
    expect(Object.isFrozen(node)).to.equal(true);
  }
}

describe('compileModel survives', () => {
  it('its own undamaged example', async () => {
    const { graphs, findings } = await compile(RICH);
    expect(findings.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
    checkGraph(graphs[0]!);
  });

  it('1,000 damaged files: each gives findings or a sound graph', async () => {
    let refused = 0;
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const { graphs, findings } = compileModel(await parseModel(damaged(seed)), { supportedElements: ALL_ELEMENTS });
      if (graphs.length === 0) {
        refused += 1;
        expect(
          findings.some(({ severity }) => severity === 'error'),
          `seed ${seed}`,
        ).to.equal(true);
      }
      graphs.forEach(checkGraph);
    }
    expect(refused).to.be.within(100, 950);
  }).timeout(60_000);

  it('sub-processes nested beyond all measure', async () => {
    const depth = 300;
    const open = Array.from({ length: depth }, (_, index) => `<subProcess id="N${index}">`).join('');
    const { graphs, findings } = await compile(processWith(`${open}${'</subProcess>'.repeat(depth)}`));
    expect(graphs).to.deep.equal([]);
    expect(findings.map(({ code }) => code)).to.include('unsupported-element');
  });

  it('a long chain and a wide gateway', async () => {
    const chain = sequence(
      ...Array.from({ length: 3_000 }, (_, index) => [`N${index}`, `<manualTask id="N${index}"/>`] as const),
    );
    expect((await compile(processWith(chain))).graphs).to.have.length(1);
    const ids = Array.from({ length: 2_000 }, (_, index) => `N${index}`);
    const wide = `<startEvent id="S"/><parallelGateway id="G"/>${flow('S', 'G')}${ids.map((id) => `<manualTask id="${id}"/>${flow('G', id)}`).join('')}`;
    expect((await compile(processWith(wide))).graphs).to.have.length(1);
  });

  it('names that are properties of every object', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const properties = names.map((name) => `<camunda:property name="${name}" value="x"/>`).join('');
    const content = sequence(
      [
        'A',
        `<userTask id="A"><extensionElements><camunda:properties>${properties}</camunda:properties></extensionElements></userTask>`,
      ],
      ['constructor', '<userTask id="constructor"/>'],
    );
    const { graphs } = await compile(processWith(content));
    const node = graphs[0]!.nodesById.get('A')!;
    expect(Object.keys(node.properties).sort()).to.deep.equal([...names].sort());
    expect(Object.getPrototypeOf(graphs[0]!.nodesById.get('constructor')!.properties)).to.be.oneOf([
      null,
      Object.prototype,
    ]);
  });

  const folder = process.env['MIWG_DIR'];
  if (folder === undefined) {
    it('the interchange files of a folder that MIWG_DIR names (it is not set)', function () {
      this.skip();
    });
  } else {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.bpmn'))) {
      it(`the interchange file ${file}: it is read, and deploys or names the elements that are in the way`, async () => {
        const model = await parseModel(readFileSync(join(folder, file)));
        const { graphs, findings } = compileModel(model);
        expect(model.definitions?.$type).to.equal('bpmn:Definitions');
        const errors = findings.filter(({ severity }) => severity === 'error');
        expect(errors.filter(({ elementId = '' }) => model.elementsById[elementId] === undefined)).to.deep.equal([]);
        expect(graphs.length > 0).to.equal(errors.length === 0);
        graphs.forEach(checkGraph);
      });
    }
  }
});
