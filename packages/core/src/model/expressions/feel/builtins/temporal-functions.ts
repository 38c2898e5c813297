import type { Evaluation } from '../../evaluation.js';
import { compareValues } from '../compare.js';
import {
  type FeelDuration,
  parseDate,
  parseDateTime,
  parseDuration,
  parseTemporal,
  parseTime,
} from '../parse-temporal.js';
import {
  calendar,
  civilDate,
  DAY,
  FeelDate,
  FeelDateTime,
  FeelMonthsDuration,
  FeelTime,
  HOUR,
  MINUTE,
  modulo,
  SECOND,
} from '../temporal.js';
import { Zone } from '../zone.js';
import { any, dateLike, duration, number, optional, type Signature, signature, text } from './builtin-function.js';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** DMN 1.5, clauses 10.3.4.1 (conversions to dates and times), 10.3.4.6 and 10.3.4.8. The clock is the command's. */
export const TEMPORAL_FUNCTIONS: readonly (readonly [string, ...Signature[]])[] = [
  [
    'date',
    signature([text('from')], (_evaluation, from) => parseDate(from)),
    signature([dateLike('from')], (_evaluation, from) => dateOf(from)),
    signature([number('year'), number('month'), number('day')], dateFrom),
  ],
  [
    'date and time',
    signature([text('from')], (_evaluation, from) => parseDateTime(from)),
    signature([dateLike('from')], (_evaluation, from) => dateTimeOf(from)),
    signature([dateLike('date'), any('time')], combine),
  ],
  ['day of week', onDate((civil) => WEEKDAYS[calendar(civil).weekday - 1])],
  ['day of year', onDate((civil) => calendar(civil).ordinal)],
  ['duration', signature([text('from')], (_evaluation, from) => parseDuration(from)), same('from')],
  ['is', signature([any('value1'), any('value2')], isSame)],
  ['month of year', onDate((civil) => MONTHS[calendar(civil).month - 1])],
  ['now', signature([], (evaluation) => FeelDateTime.at(evaluation.context.now, Zone.utc))],
  [
    'time',
    signature([text('from')], (_evaluation, from) => parseTime(from) ?? timeOf(parseTemporal(from))),
    signature([number('hour'), number('minute'), number('second'), optional(duration('offset'))], timeFrom),
    signature([any('from')], (_evaluation, from) => timeOf(from)),
  ],
  ['today', signature([], (evaluation) => dateOf(FeelDateTime.at(evaluation.context.now, Zone.utc)))],
  ['week of year', onDate((civil) => calendar(civil).weekNumber)],
  ['years and months duration', signature([dateLike('from'), dateLike('to')], wholeMonths)],
];

function onDate(read: (civil: number) => unknown): Signature {
  return signature([dateLike('date')], (_evaluation, { civil }) => read(civil) ?? null);
}

function same(name: string): Signature {
  return signature([duration(name)], (_evaluation, value: FeelDuration) => value);
}

function dateOf({ civil }: FeelDate | FeelDateTime): FeelDate {
  return new FeelDate(Math.floor(civil / DAY) * DAY);
}

function dateTimeOf(value: FeelDate | FeelDateTime): FeelDateTime {
  return value instanceof FeelDateTime ? value : new FeelDateTime(value.civil);
}

/** The time of a date is its midnight in UTC. */
function timeOf(value: unknown): FeelTime | null {
  if (value instanceof FeelDateTime) {
    return new FeelTime(modulo(value.civil, DAY), value.zone);
  }
  if (value instanceof FeelDate) {
    return new FeelTime(0, Zone.utc);
  }
  return value instanceof FeelTime ? value : null;
}

function dateFrom(_evaluation: Evaluation, year: number, month: number, day: number): FeelDate | null {
  const civil = civilDate(year, month, day);
  return civil === undefined ? null : new FeelDate(civil);
}

function timeFrom(
  _evaluation: Evaluation,
  hour: number,
  ...[minute, second, offset]: [minute: number, second: number, offset: FeelDuration | undefined]
): FeelTime | null {
  const fits = inHours(hour, 23) && inHours(minute, 59) && second >= 0 && second < 60;
  if (!fits || offset instanceof FeelMonthsDuration) {
    return null;
  }
  const civil = hour * HOUR + minute * MINUTE + Math.floor(second * SECOND);
  if (offset === undefined) {
    return new FeelTime(civil);
  }
  const zone = Zone.offset(offset.millis / MINUTE);
  return zone === undefined ? null : new FeelTime(civil, zone);
}

function inHours(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}

/** A date with a time of day, or with the name of a zone. */
function combine(_evaluation: Evaluation, date: FeelDate | FeelDateTime, time: unknown): FeelDateTime | null {
  if (time instanceof FeelTime) {
    return new FeelDateTime(dateOf(date).civil + time.civil, time.zone);
  }
  const zone = typeof time === 'string' ? Zone.named(time) : undefined;
  return zone === undefined ? null : FeelDateTime.at(dateTimeOf(date).instant, zone);
}

/** Whole months between two dates. */
function wholeMonths(
  _evaluation: Evaluation,
  from: FeelDate | FeelDateTime,
  to: FeelDate | FeelDateTime,
): FeelMonthsDuration {
  const [start, end] = [calendar(from.civil), calendar(to.civil)];
  return new FeelMonthsDuration(Math.trunc(end.diff(start, 'months').months) + 0);
}

/** The same value of the same kind; times are the same only in the same zone. */
function isSame(evaluation: Evaluation, first: unknown, second: unknown): boolean {
  if (first === second) {
    return true;
  }
  const order = compareValues(evaluation, first, second);
  const sameZone = zoneOf(first) === zoneOf(second);
  return order === 0 && sameZone;
}

function zoneOf(value: unknown): string | undefined {
  if (!(value instanceof FeelDateTime || value instanceof FeelTime)) {
    return undefined;
  }
  const instant = value instanceof FeelDateTime ? value.instant : 0;
  return value.zone && (value.zone.name ?? value.zone.offsetText(instant));
}
