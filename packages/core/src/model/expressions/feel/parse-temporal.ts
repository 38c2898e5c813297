import {
  civilDate,
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
import { Zone } from './zone.js';

const DATE = /^(-?\d{4,9})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|z|[+-]\d\d:\d\d(?::\d\d)?|@[\w/+-]{1,60})?$/;
const DURATION =
  /^(-)?P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?(?:T(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:\.\d{1,9})?)S)?)?$/;

export type FeelDuration = FeelDaysDuration | FeelMonthsDuration;
export type FeelTemporal = FeelDate | FeelTime | FeelDateTime | FeelDuration;

/** `2020-12-31` */
export function parseDate(text: string): FeelDate | null {
  const match = DATE.exec(text);
  const civil = match ? civilDate(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
  return civil === undefined ? null : new FeelDate(civil);
}

/** `10:15:00`, `10:15:00.5Z`, `10:15:00+02:00`, `10:15:00@Europe/Berlin` */
export function parseTime(text: string): FeelTime | null {
  const match = TIME.exec(text);
  if (match === null) {
    return null;
  }
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  const zone = parseZone(match[5]);
  if (hours > 23 || minutes > 59 || seconds > 59 || zone === null) {
    return null;
  }
  const millis = Math.floor(Number(`0.${match[4] ?? 0}`) * SECOND);
  return new FeelTime(hours * HOUR + minutes * MINUTE + seconds * SECOND + millis, zone);
}

/** A date and a time with `T` between them, or a date alone, which means its midnight. */
export function parseDateTime(text: string): FeelDateTime | null {
  const separator = text.indexOf('T');
  const date = parseDate(separator < 0 ? text : text.slice(0, separator));
  const time = separator < 0 ? new FeelTime(0) : parseTime(text.slice(separator + 1));
  return date && time && new FeelDateTime(date.civil + time.civil, time.zone);
}

/** `P1Y6M` or `P1DT2H30M`; the two kinds do not mix. */
export function parseDuration(text: string): FeelDuration | null {
  const match = DURATION.exec(text);
  if (match === null || /[PT]$/.test(text)) {
    return null;
  }
  const sign = match[1] === undefined ? 1 : -1;
  const given = match.slice(2).map((amount) => amount !== undefined);
  const [years = 0, months = 0, ...others] = match.slice(2).map((amount) => Number(amount ?? 0));
  if (!given[0] && !given[1]) {
    return new FeelDaysDuration(sign * millisOf(others));
  }
  return given.slice(2).includes(true) ? null : new FeelMonthsDuration(sign * (years * 12 + months));
}

function millisOf([days = 0, hours = 0, minutes = 0, seconds = 0]: readonly number[]): number {
  return days * DAY + hours * HOUR + minutes * MINUTE + Math.round(seconds * SECOND);
}

/** The text of `@"…"`: whatever of the four it is. */
export function parseTemporal(text: string): FeelTemporal | null {
  return parseDuration(text) ?? parseDate(text) ?? parseTime(text) ?? (text.includes('T') ? parseDateTime(text) : null);
}

/** `undefined` for a text without zone, `null` for a zone that does not exist. */
function parseZone(text: string | undefined): Zone | undefined | null {
  if (text === undefined) {
    return undefined;
  }
  if (text.startsWith('@')) {
    return Zone.named(text.slice(1)) ?? null;
  }
  if (/^z$/i.test(text)) {
    return Zone.utc;
  }
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6));
  return Zone.offset(text.startsWith('-') ? -minutes : minutes) ?? null;
}
