import { DateTime } from 'luxon';
import { FeelObject } from './feel-object.js';
import { twoDigits, type Zone } from './zone.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A day of the calendar. `civil` is its midnight in milliseconds as if it were UTC. */
export class FeelDate extends FeelObject {
  constructor(readonly civil: number) {
    super();
  }

  override toText(): string {
    return dateText(this.civil);
  }

  override toPlain(): string {
    return this.toText();
  }
}

/** A time of day in milliseconds since midnight, with or without a zone. */
export class FeelTime extends FeelObject {
  constructor(
    readonly civil: number,
    readonly zone?: Zone,
  ) {
    super();
  }

  /** Comparable: without a zone as if it were UTC; zones count with their offset of 1970. */
  get instant(): number {
    return this.civil - (this.zone?.offsetAt(0) ?? 0) * MINUTE;
  }

  override toText(): string {
    return timeText(this.civil) + zoneText(this.zone, 0);
  }

  override toPlain(): string {
    return timeText(this.civil) + (this.zone?.offsetText(0) ?? '');
  }
}

/** A date with a time of day. `civil` is what the clock shows, in milliseconds as if it were UTC. */
export class FeelDateTime extends FeelObject {
  constructor(
    readonly civil: number,
    readonly zone?: Zone,
  ) {
    super();
  }

  static at(instant: number, zone: Zone | undefined): FeelDateTime {
    return new FeelDateTime(zone ? zone.civilAt(instant) : instant, zone);
  }

  /** Comparable: without a zone as if it were UTC. */
  get instant(): number {
    return this.zone ? this.zone.instantOf(this.civil) : this.civil;
  }

  override toText(): string {
    return this.localText + zoneText(this.zone, this.instant);
  }

  /** ISO 8601: a named zone becomes its offset. */
  override toPlain(): string {
    return this.localText + (this.zone?.offsetText(this.instant) ?? '');
  }

  private get localText(): string {
    return `${dateText(this.civil)}T${timeText(modulo(this.civil, DAY))}`;
  }
}

/** A duration of days, hours, minutes and seconds, in milliseconds. */
export class FeelDaysDuration extends FeelObject {
  constructor(readonly millis: number) {
    super();
  }

  override toText(): string {
    const total = Math.abs(this.millis);
    const time = [
      [Math.floor(total / HOUR) % 24, 'H'],
      [Math.floor(total / MINUTE) % 60, 'M'],
      [(total % MINUTE) / SECOND, 'S'],
    ] as const;
    const days = total >= DAY ? `${Math.floor(total / DAY)}D` : '';
    const parts = time.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${unit}`);
    const text = days + (parts.length > 0 ? `T${parts.join('')}` : '');
    return `${this.millis < 0 ? '-' : ''}P${text || 'T0S'}`;
  }

  override toPlain(): string {
    return this.toText();
  }
}

/** A duration of years and months, in months. */
export class FeelMonthsDuration extends FeelObject {
  constructor(readonly months: number) {
    super();
  }

  override toText(): string {
    const total = Math.abs(this.months);
    const [years, months] = [Math.floor(total / 12), total % 12];
    const text = (years > 0 ? `${years}Y` : '') + (months > 0 ? `${months}M` : '');
    return `${this.months < 0 ? '-' : ''}P${text || '0M'}`;
  }

  override toPlain(): string {
    return this.toText();
  }
}

/** The calendar of a reading, in UTC so that no zone can interfere. */
export function calendar(civil: number): DateTime {
  return DateTime.fromMillis(civil, { zone: 'utc' });
}

/** Midnight of a day, `undefined` if the calendar has no such day. Months count from 1. */
export function civilDate(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const civil = date.getTime();
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists && !Number.isNaN(civil) ? civil : undefined;
}

/** The remainder with the sign of the divisor. */
export function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

function dateText(civil: number): string {
  const date = new Date(civil);
  const year = date.getUTCFullYear();
  const digits = String(Math.abs(year)).padStart(4, '0');
  return `${year < 0 ? '-' : ''}${digits}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`;
}

function timeText(civil: number): string {
  const [hours, minutes] = [Math.floor(civil / HOUR), Math.floor(civil / MINUTE) % 60];
  const [seconds, millis] = [Math.floor(civil / SECOND) % 60, civil % SECOND];
  const fraction = millis === 0 ? '' : `.${String(millis).padStart(3, '0').replace(/0+$/, '')}`;
  return `${twoDigits(hours)}:${twoDigits(minutes)}:${twoDigits(seconds)}${fraction}`;
}

function zoneText(zone: Zone | undefined, instant: number): string {
  if (zone === undefined) {
    return '';
  }
  return zone.name === null ? zone.offsetText(instant) : `@${zone.name}`;
}
