import { definitions, processBuilder } from '@process-engine/core/testing';

/** How long an order rests, in ms: its timer is due while others are under way. */
export const REST = 150;

/** Waits for a worker, a person, a message and a time at once, and calls a process when all four are there. */
export const ORDER = processBuilder('order')
  .root('message', 'paid')
  .startEvent('start')
  .serviceTask('note-start', 'note')
  .parallelGateway('fork')
  .externalTask('pack', 'pack')
  .parallelGateway('join')
  .from('fork')
  .userTask('approve')
  .to('join')
  .from('fork')
  .node('intermediateCatchEvent', 'payment', {}, definitions.message('paid'))
  .to('join')
  .from('fork')
  .node('intermediateCatchEvent', 'rest', {}, definitions.timer('timeDuration', `PT${REST / 1000}S`))
  .to('join')
  .from('join')
  .callActivity('ship', 'shipping')
  .endEvent('end');

/** Called by each order: a service that runs after the commit. */
export const SHIPPING = processBuilder('shipping').startEvent('called').serviceTask('work', 'work').endEvent('shipped');

/** Started by time, every second. */
export const TICK = processBuilder('tick')
  .startEvent('due', definitions.timer('timeCycle', 'R/PT1S'))
  .serviceTask('note-tick', 'note')
  .endEvent('ticked');

/** The flow nodes of an order that has ended, sorted; a join ends once. */
export const ORDER_PATH = ['approve', 'end', 'fork', 'join', 'note-start', 'pack', 'payment', 'rest', 'ship', 'start'];

/** An order that any server can run: without services. */
export const PLAIN_ORDER = processBuilder('order')
  .root('message', 'paid')
  .startEvent('start')
  .parallelGateway('fork')
  .externalTask('pack', 'pack')
  .parallelGateway('join')
  .from('fork')
  .userTask('approve')
  .to('join')
  .from('fork')
  .node('intermediateCatchEvent', 'payment', {}, definitions.message('paid'))
  .to('join')
  .from('fork')
  .node('intermediateCatchEvent', 'rest', {}, definitions.timer('timeDuration', `PT${REST / 1000}S`))
  .to('join')
  .from('join')
  .endEvent('end');

export const PLAIN_ORDER_PATH = ['approve', 'end', 'fork', 'join', 'pack', 'payment', 'rest', 'start'];
