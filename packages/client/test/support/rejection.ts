import { AssertionError } from 'chai';

/** The error a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<any> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new AssertionError(`expected a rejection, got ${JSON.stringify(value)}`);
}
