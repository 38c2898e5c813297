export { ManualClock } from './manual-clock.js';
export {
  definitions,
  escapeXml,
  processBuilder,
  ProcessBuilder,
  propertiesXml,
  ScopeBuilder,
} from './process-builder.js';
export { TestEngine, TEST_IDENTITY, type StartedInstance } from './test-engine.js';
