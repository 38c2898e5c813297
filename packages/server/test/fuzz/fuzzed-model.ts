import { processBuilder } from '@process-engine/core/testing';

/** Who deploys the model. */
export const IDENTITY = { userId: 'dummy_token', token: 'ZHVtbXlfdG9rZW4=' };
/** What the attacked server runs, and what damaged models are made from. */
export const MODEL = processBuilder('fuzzed').startEvent('Start').userTask('Work').endEvent('End').toXml();
