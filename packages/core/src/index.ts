export { createEngine, type ProcessEngine } from './engine.js';
export type { BackOff, EngineOptions, EngineStatistics, RetrySchedule } from './engine.js';
export { BpmnError } from './execution/bpmn-error.js';
export {
  service,
  type InlineService,
  type Service,
  type ServiceContext,
  type ServiceHandler,
  type ServiceObject,
} from './runtime/services.js';
export { systemClock, type Clock } from './runtime/clock.js';
export { decodeXml } from './model/parse/decode-xml.js';
export { checkModels } from './runtime/check-models.js';
export { MemoryStorage } from './storage/memory-storage.js';
