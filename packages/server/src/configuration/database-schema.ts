import type { StorageConfig } from '@process-engine/repository';
import { z } from 'zod';

const text = z.string().nullish();

/** Sequelize's options, as configuration files have always had them; null stands for "not set". */
const KEYS = {
  dialect: z.string(),
  storage: text,
  host: text,
  port: z.number().int().min(1).max(65_535).nullish(),
  database: text,
  username: text,
  password: text,
  schema: text,
  ssl: z.boolean().nullish(),
  poolSize: z.number().int().min(4).max(1000).nullish(),
  supportBigNumbers: z.boolean().nullish(),
  logging: z.boolean().nullish(),
  synchronous: z.enum(['full', 'normal']).optional(),
  resetPasswordRequestTimeToLive: z.unknown().optional(),
} satisfies Record<keyof StorageConfig, z.ZodType>;

export const databaseSchema = z.strictObject(KEYS);
export type DatabaseConfiguration = z.infer<typeof databaseSchema>;
