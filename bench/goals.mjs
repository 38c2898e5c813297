/**
 * What is to be reached. `must` and `goal` were set on a machine with 2 shared cores. Ratios travel between machines,
 * milliseconds do not: where a peer is measured in the same run, how many times less it is that decides (`times`).
 */

/**
 * @typedef {object} Goal
 * @property {string} what
 * @property {string} unit
 * @property {(results: object) => number} ours the smaller the better
 * @property {(results: object) => number} [peer] the same of the peer
 * @property {number} must
 * @property {number} goal
 * @property {[number, number]} [times] of must and goal
 */

const INLINE = 'ours, inline handlers';
const ASYNCHRONOUS = 'ours, asynchronous handlers';
const CPU = 'CPU ms';

/** @type {Goal[]} */
export const GOALS = [
  {
    what: 'W1 ten service tasks in memory, inline handlers',
    unit: CPU,
    ours: ({ w1 }) => w1[INLINE].cpu,
    peer: ({ w1 }) => w1['bpmn-engine'].cpu,
    must: 0.11,
    goal: 0.04,
    times: [100, 280],
  },
  {
    what: 'W1 the same, asynchronous handlers',
    unit: CPU,
    ours: ({ w1 }) => w1[ASYNCHRONOUS].cpu,
    peer: ({ w1 }) => w1['bpmn-engine'].cpu,
    must: 0.11,
    goal: 0.04,
    times: [100, 280],
  },
  {
    what: 'W2 gateways with conditions in memory, inline handlers',
    unit: CPU,
    ours: ({ w2 }) => w2[INLINE].cpu,
    peer: ({ w2 }) => w2['bpmn-engine'].cpu,
    must: 0.3,
    goal: 0.1,
    times: [77, 230],
  },
  {
    what: 'W3 user task on SQLite, one at a time',
    unit: CPU,
    ours: ({ w3 }) => w3['ours, one at a time'].cpu,
    peer: ({ w3 }) => w3['bpmn-engine, one at a time'].cpu,
    must: 0.6,
    goal: 0.3,
    times: [13, 27],
  },
  {
    what: 'W5 memory of a waiting instance, memory storage',
    unit: 'kB',
    ours: ({ w5 }) => w5['ours in memory, 100,000 waiting'].kilobytes,
    must: 10,
    goal: 3,
  },
  {
    what: 'W5 memory of a waiting instance, SQLite',
    unit: 'kB',
    ours: ({ w5 }) => w5['ours on SQLite, 20,000 waiting'].kilobytes,
    must: 0.1,
    goal: 0.1,
  },
  {
    what: 'W5 CPU of a start beside 100,000 waiting ones',
    unit: 'times',
    ours: ({ w5 }) => w5['ours in memory, 100,000 waiting'].growth,
    must: 1.25,
    goal: 1.1,
  },
  {
    what: 'W6 start in a model of 5,000 activities',
    unit: CPU,
    ours: ({ w6 }) => w6['ours, 5,000 activities'].cpu,
    must: 5,
    goal: 1,
  },
  ...['JavaScript', '${}', 'FEEL'].map((language) => ({
    what: `W9 six conditions, ${language}`,
    unit: CPU,
    ours: ({ w9 }) => w9[language].extra,
    must: language === 'FEEL' ? 0.5 : 0.02,
    goal: language === 'FEEL' ? 0.1 : 0.005,
  })),
  ...['1 kB', '100 kB', '1 MB'].map((size) => ({
    what: `W10 script that reads a field of a token of ${size}, with its instance`,
    unit: CPU,
    ours: ({ w10 }) => w10[size].cpu,
    must: 0.2,
    goal: 0.05,
  })),
];
