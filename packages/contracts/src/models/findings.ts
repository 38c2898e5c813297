import { z } from 'zod';

export const findingSchema = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  /** The element in the model the finding is about; absent where it is about the whole file. */
  elementId: z.string().optional(),
  /** The file's name, where several were checked. */
  file: z.string().optional(),
  /** Stable, kebab-case, for example `unsupported-element`. */
  code: z.string(),
  message: z.string(),
  /** The clause of BPMN 2.0.2 the finding rests on. */
  clause: z.string().optional(),
});
/** What a check of a model has to say. A finding of severity `error` refuses the deployment. */
export type Finding = z.infer<typeof findingSchema>;
