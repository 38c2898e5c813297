import { expect } from 'chai';
import { compile, evaluate, flow, graphOf, nodeOf, processWith, sequence } from './model-source.js';

describe('compileModel builds the structure of a process:', () => {
  it('nodes refer to each other, and everything is frozen', async () => {
    const graph = await graphOf(processWith(sequence(['A', '<userTask id="A" name="Ask"/>'])));
    const [start] = graph.root.startEvents;
    const task = nodeOf(graph, 'A', 'user-task');
    expect(start!.outgoing[0]!.target).to.equal(task);
    expect(task.outgoing[0]!.target).to.equal(graph.nodesById.get('E'));
    expect(task.incoming[0]!.source).to.equal(start);
    expect(task.scope).to.equal(graph.root);
    expect(task.type).to.equal('bpmn:UserTask');
    expect(task.name).to.equal('Ask');
    expect(graph.root.nodes.map(({ id }) => id)).to.deep.equal(['S', 'A', 'E']);
    expect(graph.root.type).to.equal('bpmn:Process');
    for (const part of [graph, graph.root, graph.root.nodes, task, task.outgoing, task.outgoing[0], task.properties]) {
      expect(Object.isFrozen(part)).to.equal(true);
    }
  });

  it('one graph per process of the file', async () => {
    const beside = `<process id="Q" name="Second" isExecutable="true"><startEvent id="QS"/></process><collaboration id="C"><participant id="p" processRef="P"/></collaboration>`;
    const { graphs, findings } = await compile(processWith(sequence(), beside));
    expect(findings).to.deep.equal([]);
    expect(graphs.map(({ processModelId, name }) => [processModelId, name])).to.deep.equal([
      ['P', undefined],
      ['Q', 'Second'],
    ]);
  });

  it('flows keep the order of the file, their conditions and the default', async () => {
    const content =
      '<startEvent id="S"/><exclusiveGateway id="G" default="G-C"/><task id="A"/><task id="B"/><task id="C"/>' +
      flow('S', 'G') +
      flow('G', 'B', '<conditionExpression xsi:type="tFormalExpression">x &gt; 1;</conditionExpression>') +
      flow('G', 'A', '<conditionExpression language="feel">= x = 2</conditionExpression>') +
      flow('G', 'C');
    const gateway = nodeOf(await graphOf(processWith(content)), 'G', 'exclusive-gateway');
    expect(gateway.outgoing.map(({ id, isDefault }) => [id, isDefault])).to.deep.equal([
      ['G-B', false],
      ['G-A', false],
      ['G-C', true],
    ]);
    expect(gateway.outgoing.map(({ condition }) => condition?.language)).to.deep.equal([
      'javascript',
      'feel',
      undefined,
    ]);
    expect(evaluate(gateway.outgoing[0]!.condition, { x: 2 })).to.equal(true);
  });

  it('conditions and default flows leave activities too', async () => {
    const content =
      '<startEvent id="S"/><task id="A" default="A-C"/><task id="B"/><task id="C"/>' +
      flow('S', 'A') +
      flow('A', 'B', '<conditionExpression>token.history.A.ok</conditionExpression>') +
      flow('A', 'C');
    const graph = await graphOf(processWith(content));
    const [conditional, byDefault] = nodeOf(graph, 'A', 'empty-task').outgoing;
    expect(conditional!.condition!.source).to.equal('token.history.A.ok');
    expect(byDefault!.isDefault).to.equal(true);
    expect(graph.historyIds).to.deep.equal(new Set(['A']));
  });

  it('sub-processes hold their nodes, start events and event sub-processes', async () => {
    const inner = `<subProcess id="X" triggeredByEvent="true"><startEvent id="XS" isInterrupting="false"><signalEventDefinition signalRef="Sig"/></startEvent></subProcess>`;
    const content = sequence([
      'A',
      `<subProcess id="A">${sequence(['B', '<task id="B"/>'])
        .replaceAll(/"(S|E)("|-)/g, '"i$1$2')
        .replaceAll(/-(S|E)"/g, '-i$1"')}${inner}</subProcess>`,
    ]);
    const graph = await graphOf(processWith(content, '<signal id="Sig" name="alarm"/>'));
    const sub = nodeOf(graph, 'A', 'sub-process');
    expect(sub.nodes.map(({ id }) => id)).to.deep.equal(['iS', 'B', 'iE', 'X']);
    expect(sub.startEvents.map(({ id }) => id)).to.deep.equal(['iS']);
    expect(sub.eventSubProcesses).to.deep.equal([graph.nodesById.get('X')]);
    expect(graph.nodesById.get('B')!.scope).to.equal(sub);
    const start = nodeOf(graph, 'XS', 'start-event');
    expect(start.interrupting).to.equal(false);
    expect(start.scope!.kind).to.equal('event-sub-process');
  });

  it('transactions and ad-hoc sub-processes', async () => {
    const adHoc =
      '<adHocSubProcess id="B" ordering="Sequential" cancelRemainingInstances="false"><task id="X"/><task id="Y"/><task id="Z"/><sequenceFlow id="f" sourceRef="Y" targetRef="Z"/><completionCondition>done</completionCondition></adHocSubProcess>';
    const graph = await graphOf(
      processWith(sequence(['A', '<transaction id="A"><task id="T"/></transaction>'], ['B', adHoc])),
    );
    expect(nodeOf(graph, 'A', 'transaction').implicitStarts.map(({ id }) => id)).to.deep.equal(['T']);
    const node = nodeOf(graph, 'B', 'ad-hoc-sub-process');
    expect(node.adHoc).to.deep.include({ sequential: true, cancelRemaining: false });
    expect(node.adHoc!.completionCondition!.source).to.equal('done');
    expect(node.implicitStarts.map(({ id }) => id)).to.deep.equal(['X', 'Y']);
  });

  it('without a start event the nodes without incoming flow start', async () => {
    const content =
      `<task id="A"/><task id="B"/><task id="C"/><exclusiveGateway id="G"/>${flow('A', 'B')}${flow('G', 'B')}` +
      '<receiveTask id="R" instantiate="true" messageRef="M"/><task id="H" isForCompensation="true"/>' +
      '<intermediateCatchEvent id="L"><linkEventDefinition name="l"/></intermediateCatchEvent>' +
      '<boundaryEvent id="X" attachedToRef="C"><errorEventDefinition/></boundaryEvent>';
    const graph = await graphOf(processWith(content, '<message id="M" name="m"/>'));
    expect(graph.root.implicitStarts.map(({ id }) => id)).to.deep.equal(['A', 'C', 'G']);
    expect((await graphOf(processWith(sequence()))).root.implicitStarts).to.deep.equal([]);
  });

  it('lanes are named from the outside to the inside', async () => {
    const lanes =
      '<laneSet><lane id="L1" name="Sales"><flowNodeRef>E</flowNodeRef><childLaneSet><lane id="L2" name="Desk"><flowNodeRef>S</flowNodeRef><flowNodeRef>A</flowNodeRef></lane></childLaneSet></lane>' +
      '<lane id="L3"><flowNodeRef>B</flowNodeRef></lane></laneSet>';
    const sub =
      '<subProcess id="B"><laneSet><lane id="L4" name="Inner"><flowNodeRef>C</flowNodeRef></lane></laneSet><task id="C"/><task id="D"/></subProcess>';
    const boundary = '<boundaryEvent id="X" attachedToRef="A"><errorEventDefinition/></boundaryEvent>';
    const graph = await graphOf(processWith(lanes + sequence(['A', `<task id="A"/>${boundary}`], ['B', sub])));
    const lanesOf = (id: string): unknown => JSON.parse(graph.nodesById.get(id)!.lanes);
    expect(['S', 'A', 'X', 'B', 'C', 'D', 'E'].map(lanesOf)).to.deep.equal([
      ['Sales', 'Desk'],
      ['Sales', 'Desk'],
      ['Sales', 'Desk'],
      ['L3'],
      ['L3', 'Inner'],
      ['L3'],
      [],
    ]);
  });

  it('a compensation boundary event gives its activity the handler it is associated with', async () => {
    const activity =
      '<task id="A"/><boundaryEvent id="C" attachedToRef="A"><compensateEventDefinition id="c"/></boundaryEvent>' +
      '<task id="U" isForCompensation="true"/><association id="a" sourceRef="C" targetRef="U"/>' +
      '<textAnnotation id="note"/><association id="b" sourceRef="A" targetRef="note"/>';
    const graph = await graphOf(processWith(sequence(['A', activity])));
    const node = nodeOf(graph, 'A', 'empty-task');
    expect(node.compensationHandler).to.equal(graph.nodesById.get('U'));
    expect(node.compensationHandler!.isForCompensation).to.equal(true);
  });

  it('a compensation event sub-process is the handler of the sub-process around it', async () => {
    const handler =
      '<subProcess id="H" triggeredByEvent="true"><startEvent id="HS"><compensateEventDefinition id="c"/></startEvent></subProcess>';
    const graph = await graphOf(
      processWith(sequence(['A', `<subProcess id="A"><task id="T"/>${handler}</subProcess>`])),
    );
    expect(nodeOf(graph, 'A', 'sub-process').compensationHandler).to.equal(graph.nodesById.get('H'));
  });

  it('inclusive joins know which nodes can still reach each of their flows', async () => {
    const content =
      '<startEvent id="S"/><inclusiveGateway id="G"/><task id="A"/><task id="B"/><inclusiveGateway id="J"/><endEvent id="E"/>' +
      '<boundaryEvent id="X" attachedToRef="A" cancelActivity="false"><signalEventDefinition signalRef="Sig"/></boundaryEvent>' +
      '<intermediateThrowEvent id="T"><linkEventDefinition name="l"/></intermediateThrowEvent>' +
      '<intermediateCatchEvent id="L"><linkEventDefinition name="l"/></intermediateCatchEvent>' +
      flow('S', 'G') +
      flow('G', 'A') +
      flow('G', 'B') +
      flow('A', 'T') +
      flow('L', 'J') +
      flow('X', 'J') +
      flow('B', 'J') +
      flow('J', 'E') +
      flow('J', 'B');
    const graph = await graphOf(processWith(content, '<signal id="Sig" name="s"/>'));
    const join = nodeOf(graph, 'J', 'inclusive-gateway');
    const reach = Object.fromEntries(join.incoming.map(({ id }, index) => [id, [...join.reach[index]!].sort()]));
    expect(reach).to.deep.equal({
      'L-J': ['A', 'G', 'L', 'S', 'T'],
      'X-J': ['A', 'G', 'S', 'X'],
      'B-J': ['B', 'G', 'S'],
    });
    expect(nodeOf(graph, 'G', 'inclusive-gateway').reach).to.deep.equal([new Set()]);
    expect(graph.hasInclusiveJoins).to.equal(true);
  });

  it('complex and event-based gateways', async () => {
    const content =
      '<startEvent id="S"/><complexGateway id="G"><activationCondition>activationCount &gt;= 1</activationCondition></complexGateway>' +
      '<eventBasedGateway id="V"/><receiveTask id="R" messageRef="M"/><receiveTask id="Q" messageRef="M"/>' +
      flow('S', 'G') +
      flow('G', 'V') +
      flow('V', 'R') +
      flow('V', 'Q');
    const graph = await graphOf(processWith(content, '<message id="M" name="m"/>'));
    expect(nodeOf(graph, 'G', 'complex-gateway').activationCondition!.source).to.equal('activationCount >= 1');
    expect(nodeOf(graph, 'V', 'event-based-gateway')).to.deep.include({ instantiate: false, parallel: false });
    const instantiating = `<eventBasedGateway id="V" instantiate="true" eventGatewayType="Parallel"/><receiveTask id="R" messageRef="M"/><receiveTask id="Q" messageRef="M"/>${flow('V', 'R')}${flow('V', 'Q')}`;
    const other = await graphOf(processWith(instantiating, '<message id="M" name="m"/>'));
    expect(nodeOf(other, 'V', 'event-based-gateway')).to.deep.include({ instantiate: true, parallel: true });
    expect(other.root.implicitStarts).to.deep.equal([]);
  });

  it('a process that is not executable keeps its graph, and its faults are information only', async () => {
    const xml = processWith(sequence(['A', '<serviceTask id="A"/>'])).replace(' isExecutable="true"', '');
    const { graphs, findings } = await compile(xml);
    expect(graphs.map(({ isExecutable }) => isExecutable)).to.deep.equal([false]);
    expect(new Set(findings.map(({ severity }) => severity))).to.deep.equal(new Set(['info']));
    expect(findings.map(({ code }) => code)).to.include.members(['not-executable', 'missing-binding']);
  });

  it('an error anywhere in the file leaves no graph at all', async () => {
    const beside = `<process id="Q" isExecutable="true">${sequence(['A', '<serviceTask id="QA"/>'])}</process>`;
    const { graphs } = await compile(
      processWith(sequence(), beside.replaceAll('"S"', '"QS"').replaceAll('"E"', '"QE"')),
    );
    expect(graphs).to.deep.equal([]);
  });

  it('findings name the file they are about', async () => {
    const { findings } = await compile(processWith(sequence(['A', '<task id="A"/>'])), { fileName: 'order.bpmn' });
    expect(findings.map(({ file }) => file)).to.deep.equal(['order.bpmn']);
  });
});
