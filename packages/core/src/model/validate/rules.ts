import type { Compilation } from '../compile/compilation.js';
import type { ProcessGraph } from '../graph.js';
import { checkBindings } from './binding-rules.js';
import { checkConnections } from './connection-rules.js';
import { checkEventDefinitions } from './event-rules.js';
import { checkGateways } from './gateway-rules.js';
import { checkLinks } from './link-rules.js';
import { checkReachability } from './reachability-rules.js';
import { checkStarts } from './start-rules.js';
import { checkSupport } from './support-rules.js';
import { checkTimers } from './timer-rules.js';

/** A check of a compiled process; it reports what it finds. */
export type Rule = (compilation: Compilation, graph: ProcessGraph) => void;

/** All checks, in the order in which their findings are listed. */
export const RULES: readonly Rule[] = [
  checkSupport,
  checkStarts,
  checkConnections,
  checkEventDefinitions,
  checkGateways,
  checkLinks,
  checkTimers,
  checkBindings,
  checkReachability,
];
