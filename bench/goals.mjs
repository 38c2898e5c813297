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
 * @property {string} [needs] the bench that is left out where no database server can be reached
 */

const INLINE = 'ours, inline handlers';
const ASYNCHRONOUS = 'ours, asynchronous handlers';
const CPU = 'CPU ms';

const ONE_AT_A_TIME = 'one at a time';
const MANY_AT_A_TIME = '16 under way';

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
    what: 'W3 user task on PostgreSQL, one at a time',
    unit: CPU,
    needs: 'w3Postgres',
    ours: ({ w3Postgres }) => w3Postgres[`ours, ${ONE_AT_A_TIME}`].cpu,
    peer: ({ w3Postgres }) => w3Postgres[`bpmn-engine, ${ONE_AT_A_TIME}`].cpu,
    must: 1.9,
    goal: 1,
    times: [5, 9.5],
  },
  {
    what: 'W3 user task on PostgreSQL, 16 under way',
    unit: CPU,
    needs: 'w3Postgres',
    ours: ({ w3Postgres }) => w3Postgres[`ours, ${MANY_AT_A_TIME}`].cpu,
    peer: ({ w3Postgres }) => w3Postgres[`bpmn-engine, ${MANY_AT_A_TIME}`].cpu,
    must: 0.45,
    goal: 0.18,
    times: [22, 56],
  },
  {
    what: 'W4 external task on PostgreSQL, fetch 10, finish one by one',
    unit: CPU,
    needs: 'w4',
    ours: ({ w4 }) => w4['ours, fetch 10, finish one by one'].cpu,
    peer: ({ w4 }) => w4['pg-boss, fetch 10, finish one by one'].cpu,
    must: 0.5,
    goal: 0.29,
    times: [1, 1.7],
  },
  {
    what: 'W4 external task on PostgreSQL, fetch 50, finish at once',
    unit: CPU,
    needs: 'w4',
    ours: ({ w4 }) => w4['ours, fetch 50, finish at once'].cpu,
    peer: ({ w4 }) => w4['pg-boss, fetch 50, made and finished together'].cpu,
    must: 0.25,
    goal: 0.12,
    times: [0.24, 0.5],
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
