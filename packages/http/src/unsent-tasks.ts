import type { ServerResponse } from 'node:http';
import type { ExternalTask, IExternalTaskApi, IIdentity } from '@process-engine/contracts';

/**
 * Ends the locks of tasks whose answer the client did not get because its connection was gone before the answer was
 * written: nobody would work on them until the locks end. What was handed to the network counts as sent.
 */
export function releaseUnlessSent(
  response: ServerResponse,
  api: Pick<IExternalTaskApi, 'extendLock'>,
  { identity, workerId, tasks }: { identity: IIdentity; workerId: string; tasks: readonly ExternalTask[] },
): void {
  if (tasks.length === 0) return;
  // Neither `writableFinished` nor the event alone is enough: both come, too, once the connection has failed.
  const { socket } = response;
  let isSent = false;
  response.once('finish', () => (isSent = socket !== null && !socket.destroyed && !socket.errored));
  const release = (): void => {
    if (isSent) return;
    // A task that is not this worker's any more needs no release.
    for (const { id } of tasks) api.extendLock(identity, workerId, id, 0).catch(() => undefined);
  };
  if (response.closed) release();
  else response.once('close', release);
}
