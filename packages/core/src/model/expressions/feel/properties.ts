import { type FeelContext, isContext, isList, orNull } from './feel-object.js';
import { FeelRange } from './feel-range.js';
import {
  calendar,
  DAY,
  FeelDate,
  FeelDateTime,
  FeelDaysDuration,
  FeelMonthsDuration,
  FeelTime,
  HOUR,
  MINUTE,
  SECOND,
} from './temporal.js';

/** `value.name`: an entry of a context, a part of a date, time, duration or range; of a list, that of every element. */
export function readProperty(value: unknown, name: string): unknown {
  if (isContext(value)) {
    return contextEntry(value, name);
  }
  if (isList(value)) {
    return value.map((item) => (isList(item) ? null : readProperty(item, name)));
  }
  const read = propertiesOf(value)[name];
  return read === undefined ? null : read();
}

/** An own entry of a context, else nothing. */
export function contextEntry(context: FeelContext, name: string): unknown {
  return Object.hasOwn(context, name) ? orNull(context[name]) : null;
}

type Properties = Readonly<Record<string, () => unknown>>;

const NONE: Properties = Object.freeze(Object.create(null) as Properties);

function propertiesOf(value: unknown): Properties {
  if (value instanceof FeelDate) {
    return own(dateProperties(value.civil));
  }
  if (value instanceof FeelDateTime) {
    const zone = value.zone && { zone: value.zone, instant: value.instant };
    return own({ ...dateProperties(value.civil), ...timeProperties(value.civil), ...zoneProperties(zone) });
  }
  if (value instanceof FeelTime) {
    const zone = value.zone && { zone: value.zone, instant: 0 };
    return own({ ...timeProperties(value.civil), ...zoneProperties(zone) });
  }
  if (value instanceof FeelDaysDuration) {
    return own(daysProperties(value.millis));
  }
  if (value instanceof FeelMonthsDuration) {
    return own({ years: () => Math.trunc(value.months / 12), months: () => value.months % 12 });
  }
  return value instanceof FeelRange ? own(rangeProperties(value)) : NONE;
}

/** Without a prototype, so that no other name is found. */
function own(properties: Properties): Properties {
  return Object.assign(Object.create(null) as Properties, properties);
}

function dateProperties(civil: number): Properties {
  return {
    year: () => calendar(civil).year,
    month: () => calendar(civil).month,
    day: () => calendar(civil).day,
    weekday: () => calendar(civil).weekday,
  };
}

function timeProperties(civil: number): Properties {
  return {
    hour: () => calendar(civil).hour,
    minute: () => calendar(civil).minute,
    second: () => calendar(civil).second,
  };
}

function zoneProperties(at: { zone: NonNullable<FeelDateTime['zone']>; instant: number } | undefined): Properties {
  return {
    'time offset': () => at && new FeelDaysDuration(at.zone.offsetAt(at.instant) * MINUTE),
    timezone: () => at?.zone.name ?? null,
  };
}

function daysProperties(millis: number): Properties {
  return {
    days: () => Math.trunc(millis / DAY),
    hours: () => Math.trunc(millis / HOUR) % 24,
    minutes: () => Math.trunc(millis / MINUTE) % 60,
    seconds: () => Math.trunc(millis / SECOND) % 60,
  };
}

function rangeProperties(range: FeelRange): Properties {
  return {
    start: () => orNull(range.start),
    end: () => orNull(range.end),
    'start included': () => range.included.start,
    'end included': () => range.included.end,
  };
}
