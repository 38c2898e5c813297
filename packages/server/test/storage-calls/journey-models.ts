import { definitions, processBuilder } from '@process-engine/core/testing';

/**
 * Waits side by side for a worker, a message, a time, a called process, and a person who is too slow: the boundary event
 * cancels that task. All paths meet in one join.
 */
export const JOURNEY = processBuilder('journey')
  .root('message', 'paid')
  .startEvent('start')
  .parallelGateway('fork')
  .externalTask('pack', 'pack')
  .parallelGateway('join')
  .from('fork')
  .node('intermediateCatchEvent', 'payment', {}, definitions.message('paid'))
  .to('join')
  .from('fork')
  .node('intermediateCatchEvent', 'rest', {}, definitions.timer('timeDuration', 'PT10M'))
  .to('join')
  .from('fork')
  .callActivity('call', 'called')
  .to('join')
  .from('fork')
  .userTask('slow')
  .exclusiveGateway('either')
  .to('join')
  .boundaryEvent('late', 'slow', definitions.timer('timeDuration', 'PT1H'))
  .to('either')
  .from('join')
  .endEvent('end');

/** Runs a service after the commit of its step, then waits for a person. */
export const CALLED = processBuilder('called')
  .startEvent('called-start')
  .serviceTask('work', 'work')
  .userTask('inner')
  .endEvent('called-end');

/** What has become of the flow nodes of both when the journey has ended, sorted. */
export const JOURNEY_PATH = [
  'call',
  'called-end',
  'called-start',
  'either',
  'end',
  'fork',
  'inner',
  'join',
  'late',
  'pack',
  'payment',
  'rest',
  'slow (cancelled)',
  'start',
  'work',
];
