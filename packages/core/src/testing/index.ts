export { checkedStorage, type CheckedStorage } from './checked-storage.js';
export { apiSuite, type ApiSuiteSubject } from './api-suite/api-suite.js';
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
export { modelCoverage, type Coverage, type CoverageSubject, type ModelCoverage } from './coverage/model-coverage.js';
export type { ModelFlowNode, ModelSequenceFlow } from './coverage/model-elements.js';
export { printCoverage } from './coverage/print-coverage.js';
