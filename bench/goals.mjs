/**
 * What is to be reached. `must` and `goal` are ms of CPU time per operation on the reference machine (2 shared cores);
 * `times` says how many times less than the peer's that was there. Ratios travel between machines, milliseconds do not:
 * where the peer was measured in the same run, the ratio decides.
 */

/**
 * @typedef {object} Goal
 * @property {string} what
 * @property {(results: object) => number} ours ms of CPU time
 * @property {(results: object) => number} [peer] ms of CPU time
 * @property {number} must
 * @property {number} goal
 * @property {[number, number]} [times] of must and goal
 */

const INLINE = 'ours, inline handlers';
const ASYNCHRONOUS = 'ours, asynchronous handlers';

/** @type {Goal[]} */
export const GOALS = [
  {
    what: 'W1 ten service tasks in memory, inline handlers',
    ours: ({ w1 }) => w1[INLINE].cpu,
    peer: ({ w1 }) => w1['bpmn-engine'].cpu,
    must: 0.11,
    goal: 0.04,
    times: [100, 280],
  },
  {
    what: 'W1 the same, asynchronous handlers',
    ours: ({ w1 }) => w1[ASYNCHRONOUS].cpu,
    peer: ({ w1 }) => w1['bpmn-engine'].cpu,
    must: 0.11,
    goal: 0.04,
    times: [100, 280],
  },
  {
    what: 'W2 gateways with conditions in memory, inline handlers',
    ours: ({ w2 }) => w2[INLINE].cpu,
    peer: ({ w2 }) => w2['bpmn-engine'].cpu,
    must: 0.3,
    goal: 0.1,
    times: [77, 230],
  },
  {
    what: 'W3 user task on SQLite, one at a time',
    ours: ({ w3 }) => w3['ours, one at a time'].cpu,
    peer: ({ w3 }) => w3['bpmn-engine, one at a time'].cpu,
    must: 0.6,
    goal: 0.3,
    times: [13, 27],
  },
  ...['JavaScript', '${}', 'FEEL'].map((language) => ({
    what: `W9 six conditions, ${language}`,
    ours: ({ w9 }) => w9[language].extra,
    must: language === 'FEEL' ? 0.5 : 0.02,
    goal: language === 'FEEL' ? 0.1 : 0.005,
  })),
  ...['1 kB', '100 kB', '1 MB'].map((size) => ({
    what: `W10 script reads a field of a token of ${size}, with its instance`,
    ours: ({ w10 }) => w10[size].cpu,
    must: 0.2,
    goal: 0.05,
  })),
];
