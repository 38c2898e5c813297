/** Every key of the configuration: section → name → values. What is not listed here is refused. */
import type { EngineOptions } from '@process-engine/core';
import type { LimitOptions } from '@process-engine/http';
import { z } from 'zod';
import { databaseSchema } from './database-schema.js';
import { iamServiceSchema } from './iam-schema.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

const milliseconds = z.number().int().min(0);

/** When failed work is tried again; texts are read by the engine. */
const retrySchedule = z.union(
  [
    z.array(milliseconds),
    z.string().min(1),
    z.strictObject({
      attempts: z.number().int().min(0).max(1_000),
      initialDelay: milliseconds,
      factor: z.number().min(0).max(1_000).optional(),
      maxDelay: milliseconds.optional(),
      jitter: z.number().min(0).max(1).optional(),
    }),
  ],
  { error: 'expected a list of ms, a text as R5/PT1M, or {attempts, initialDelay, factor?, maxDelay?, jitter?}' },
);

type EngineKey =
  | 'nodeId'
  | 'untypedTasks'
  | 'data'
  | 'onFailure'
  | 'retries'
  | 'formValidation'
  | 'jobRetries'
  | 'missedStarts'
  | 'historyRetention'
  | 'cleanUpInterval'
  | 'pollInterval'
  | 'jobBatch'
  | 'maxWaitingCommands'
  | 'triggersStartInstances'
  | 'eventLog'
  | 'audit'
  | 'auditRetention'
  | 'cacheSize'
  | 'modelCacheSize'
  | 'maxModelElements'
  | 'lockDuration'
  | 'stopTimeout';

/** Options of `createEngine` that can be said in JSON. */
const engineSchema = z.strictObject({
  nodeId: z.string().min(1).optional(),
  untypedTasks: z.enum(['wait', 'pass']).optional(),
  data: z.enum(['both', 'token', 'variables']).optional(),
  onFailure: z.enum(['error', 'incident']).optional(),
  formValidation: z.enum(['constraints', 'all', 'none']).optional(),
  retries: retrySchedule.optional(),
  jobRetries: retrySchedule.optional(),
  missedStarts: z.enum(['skip', 'catch-up']).optional(),
  historyRetention: milliseconds.optional(),
  cleanUpInterval: milliseconds.optional(),
  pollInterval: milliseconds.min(1).optional(),
  jobBatch: z.number().int().min(1).optional(),
  maxWaitingCommands: z.number().int().min(1).optional(),
  triggersStartInstances: z.boolean().optional(),
  eventLog: z
    .union([z.enum(['none', 'all']), z.array(z.string())], {
      error: "expected 'none', 'all' or a list of notification kinds",
    })
    .optional(),
  audit: z.boolean().optional(),
  auditRetention: milliseconds.optional(),
  cacheSize: z.number().int().min(0).optional(),
  modelCacheSize: z.number().int().min(0).optional(),
  maxModelElements: z.number().int().min(1).optional(),
  lockDuration: milliseconds.optional(),
  stopTimeout: milliseconds.optional(),
} satisfies Record<Extract<keyof EngineOptions, EngineKey>, z.ZodType>);

/** What helmet takes: on, off, or its own options. */
const helmetOption = z.union([z.boolean(), z.record(z.string(), z.unknown())], {
  error: 'expected true, false or an object',
});

const positive = z.number().positive();
const count = z.number().int().min(1);

const limitsSchema = z.strictObject({
  depth: count.optional(),
  headers: z.union([count, z.string()], { error: 'expected a number of bytes, or a text as 16kb' }).optional(),
  requestTime: count.optional(),
  sendTime: count.optional(),
  concurrentRequests: count.optional(),
  waitingCalls: count.optional(),
  waitingCallsPerIdentity: count.optional(),
  eventStreams: count.optional(),
  waitingTime: count.optional(),
  requestsPerSecond: positive.optional(),
  burst: positive.optional(),
  requestsPerSecondPerIdentity: positive.optional(),
  burstPerIdentity: positive.optional(),
} satisfies Record<Exclude<keyof LimitOptions, 'body'>, z.ZodType>);

const httpExtensionSchema = z.strictObject({
  server: z
    .strictObject({ host: z.string().min(1).optional(), port: z.number().int().min(0).max(65_535).optional() })
    .optional(),
  parseLimit: z
    .union([z.number().int().min(1), z.string()], { error: 'expected a number of bytes, or a text as 50mb' })
    .optional(),
  cors: z
    .strictObject({
      enabled: z.boolean().optional(),
      options: z
        .strictObject({
          origin: z
            .union([z.literal(true), z.string(), z.array(z.string())], {
              error: 'expected true, an origin or a list of origins',
            })
            .optional(),
          credentials: z.boolean().optional(),
          methods: z.array(z.string()).optional(),
          allowedHeaders: z.array(z.string()).optional(),
          exposedHeaders: z.array(z.string()).optional(),
          maxAge: z.number().int().min(0).optional(),
        })
        .optional(),
    })
    .optional(),
  limits: limitsSchema.optional(),
  csp: helmetOption.optional(),
  frameguard: helmetOption.optional(),
});

const clientSchema = z.strictObject({ url: z.string() }).optional();

export const configurationSchema = z.strictObject({
  process_engine: z
    .strictObject({
      database: databaseSchema.optional(),
      correlation_repository: databaseSchema.optional(),
      flow_node_instance_repository: databaseSchema.optional(),
      external_task_repository: databaseSchema.optional(),
      process_model_repository: databaseSchema.optional(),
      cronjob_history_repository: databaseSchema.optional(),
      timers_repository: z.unknown().optional(),
      logging_repository: z.unknown().optional(),
      engine: engineSchema.optional(),
      logging: z.strictObject({ level: z.enum(LOG_LEVELS).optional() }).optional(),
    })
    .optional(),
  data_sources: z.record(z.string(), databaseSchema).optional(),
  http: z.strictObject({ http_extension: httpExtensionSchema.optional(), http_client: clientSchema }).optional(),
  iam: z.strictObject({ iam_service: iamServiceSchema.optional() }).optional(),
  consumer_api_core: z
    .strictObject({
      consumer_api_iam_service: z
        .strictObject({ claimConfig: z.record(z.string(), z.array(z.string())).optional() })
        .optional(),
    })
    .optional(),
  // The addresses a client calls: read by clients, allowed here because both may share their files.
  services: z.strictObject({ http: clientSchema }).optional(),
  consumer_api: z.strictObject({ external_accessor: z.strictObject({ socketUrl: z.string() }).optional() }).optional(),
});

/** `section → name → values`, as in a configuration file. */
export type Configuration = z.input<typeof configurationSchema>;

/** The sections, which are also the first words of environment variables. */
export const SECTIONS: readonly string[] = Object.keys(configurationSchema.shape);
