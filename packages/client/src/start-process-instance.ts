import {
  BadRequestError,
  StartCallbackType,
  type CallOptions,
  type IConsumerApi,
  type IIdentity,
  type INotificationApi,
  type NotificationCallback,
  type ProcessStartRequestPayload,
  type ProcessStartResponsePayload,
} from '@process-engine/contracts';
import { ProcessEndWatch } from './process-end-watch.js';

/** Options of a start. */
export interface StartOptions extends CallOptions {
  /**
   * Called when the started instance has finished, also where the call itself answers on creation. Not called where the
   * instance is terminated or fails.
   */
  readonly onProcessEnded?: NotificationCallback | undefined;
}

/** The parameters of `startProcessInstance`. */
export type StartArguments<TInput> = [
  identity: IIdentity,
  processModelId: string,
  payload?: ProcessStartRequestPayload<TInput>,
  startCallbackType?: StartCallbackType,
  startEventId?: string,
  endEventId?: string,
  options?: StartOptions,
];

/** Starts an instance; checks what needs no request, and watches the instance's end where somebody wants to know it. */
export async function startProcessInstance<TInput, TResult>(
  api: IConsumerApi,
  notifications: INotificationApi,
  args: StartArguments<TInput>,
): Promise<ProcessStartResponsePayload<TResult>> {
  const [identity, processModelId, payload, type, startEventId, endEventId, options = {}] = args;
  const { onProcessEnded, ...callOptions } = options;
  const callbackType = checkedCallbackType(type, endEventId);
  const start = () =>
    api.startProcessInstance<TInput, TResult>(
      identity,
      processModelId,
      payload,
      callbackType,
      startEventId,
      endEventId,
      callOptions,
    );
  if (onProcessEnded === undefined) return start();

  const watch = new ProcessEndWatch(notifications, identity, onProcessEnded);
  await watch.listen(processModelId);
  try {
    const response = await start();
    watch.follow(response.processInstanceId);
    return response;
  } catch (error) {
    await watch.stop();
    throw error;
  }
}

/** The engine checks the same; here it costs no request. */
function checkedCallbackType(type: StartCallbackType | undefined, endEventId: string | undefined): StartCallbackType {
  // Older callers pass 0 or null for the default.
  if (!type) return StartCallbackType.CallbackOnProcessInstanceCreated;
  if (!Object.values(StartCallbackType).includes(type)) {
    throw new BadRequestError(`${String(type)} is not a valid return option: startCallbackType is 1, 2 or 3.`);
  }
  if (type === StartCallbackType.CallbackOnEndEventReached && !endEventId) {
    throw new BadRequestError('Must provide an EndEventId where startCallbackType is 3.');
  }
  return type;
}
