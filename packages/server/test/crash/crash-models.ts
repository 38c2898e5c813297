import { definitions, processBuilder, type ProcessBuilder } from '@process-engine/core/testing';

/** Every kind of wait one after the other, each followed by a service that notes in its step that it ran. */
export function journey(id: string): ProcessBuilder {
  return processBuilder(id)
    .startEvent('start')
    .serviceTask('note-start', 'note')
    .userTask('approve')
    .serviceTask('note-approved', 'note')
    .externalTask('pack', 'pack')
    .serviceTask('note-packed', 'note')
    .parallelGateway('fork')
    .userTask('left')
    .parallelGateway('join')
    .from('fork')
    .userTask('right')
    .to('join')
    .from('join')
    .serviceTask('note-joined', 'note')
    .node('intermediateCatchEvent', 'rest', {}, definitions.timer('timeDuration', 'PT1H'))
    .serviceTask('note-rested', 'note')
    .endEvent('end');
}

/** Calls a process that waits for a person. */
export const CALLER = processBuilder('caller')
  .startEvent('start')
  .callActivity('call', 'called')
  .serviceTask('note-called', 'note')
  .endEvent('end');

export const CALLED = processBuilder('called')
  .startEvent('start')
  .serviceTask('note-start', 'note')
  .userTask('inner')
  .endEvent('end');

/** Runs a service after the commit of its step. */
export const SERVING = processBuilder('serving')
  .startEvent('start')
  .serviceTask('work', 'work')
  .serviceTask('note-worked', 'note')
  .endEvent('end');

/** Runs a service that is held until it is released. */
export const HOLDING = processBuilder('holding')
  .startEvent('start')
  .serviceTask('hold', 'hold')
  .serviceTask('note-held', 'note')
  .endEvent('end');

/** Goes on by a job after its first commit. */
export const CONTINUING = processBuilder('continuing')
  .startEvent('start')
  .node(
    'serviceTask',
    'note-later',
    { 'camunda:asyncBefore': true },
    '<bpmn:extensionElements><camunda:properties><camunda:property name="module" value="note"/></camunda:properties></bpmn:extensionElements>',
  )
  .endEvent('end');

/** Waits for a message. */
export const RECEIVER = processBuilder('receiver')
  .root('message', 'paid')
  .startEvent('start')
  .node('intermediateCatchEvent', 'payment', {}, definitions.message('paid'))
  .serviceTask('note-paid', 'note')
  .endEvent('end');

/** Sends the message that the receiver waits for. */
export const SENDER = processBuilder('sender')
  .root('message', 'paid')
  .startEvent('start')
  .node('intermediateThrowEvent', 'pay', {}, definitions.message('paid'))
  .endEvent('end');

/** Throws a signal that starts another process. */
export const ALARM = processBuilder('alarm')
  .root('signal', 'fire')
  .startEvent('start')
  .node('intermediateThrowEvent', 'ring', {}, definitions.signal('fire'))
  .endEvent('end');

export const ALARMED = processBuilder('alarmed')
  .root('signal', 'fire')
  .startEvent('start', definitions.signal('fire'))
  .serviceTask('note-start', 'note')
  .endEvent('end');

/** For many at once: a step, a service after the commit, a person. */
export const MANY = processBuilder('many')
  .startEvent('start')
  .serviceTask('note-start', 'note')
  .serviceTask('work', 'work')
  .userTask('approve')
  .serviceTask('note-approved', 'note')
  .endEvent('end');

/** Started once by time, an hour after its deployment. */
export function timed(id: string): ProcessBuilder {
  return processBuilder(id)
    .startEvent('start', definitions.timer('timeDuration', 'PT1H'))
    .serviceTask('note-start', 'note')
    .endEvent('end');
}
