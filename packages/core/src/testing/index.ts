export { checkedStorage, type CheckedStorage } from './checked-storage.js';
export { apiSuite, type ApiSuiteSubject, type TestRunner as ApiTestRunner } from './api-suite/api-suite.js';
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
export { storageSuite, type TestRunner } from './storage-suite.js';
export {
  modelCoverage,
  type Coverage,
  type CoverageSubject,
  type ModelCoverage,
} from './model-coverage/model-coverage.js';
export type { ModelFlowNode, ModelSequenceFlow } from './model-coverage/model-elements.js';
export { printCoverage } from './model-coverage/print-coverage.js';
