/** The query of a start. The camel-cased spellings are those of the first documents. */
import { BadRequestError } from '../errors.js';
import { inQuery, text, type QueryCodec } from './route.js';

/** Absent, empty, `0` and the text `undefined` (older clients) mean the default. */
const startCallbackType: QueryCodec = {
  type: 'integer',
  read: (value) => {
    if (value === undefined || value === '' || value === '0' || value === 'undefined') return 1;
    const type = Number(value);
    if (Number.isNaN(type))
      throw new BadRequestError(`${value} is not a valid return option: start_callback_type is 1, 2 or 3`);
    return type;
  },
  write: (value) => (value === undefined || value === null ? undefined : `${value as string | number | boolean}`),
};

export const inCallbackType = inQuery('start_callback_type', startCallbackType, ['startCallbackType']);
export const inStartEvent = inQuery('start_event_id', text, ['startEventId']);
export const inEndEvent = inQuery('end_event_id', text, ['endEventId']);
