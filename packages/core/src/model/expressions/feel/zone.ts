import { IANAZone } from 'luxon';

const MINUTE = 60_000;

/** Where the clock of a time or date-time hangs. Never the machine's own zone. */
export class Zone {
  static readonly utc = new Zone(0);

  private constructor(
    private readonly fixed: number,
    private readonly named?: IANAZone,
  ) {}

  /** A fixed distance from UTC in minutes, at most 18 hours. */
  static offset(minutes: number): Zone | undefined {
    return Number.isInteger(minutes) && Math.abs(minutes) <= 18 * 60 ? new Zone(minutes) : undefined;
  }

  /** A zone of the time zone database, such as `Europe/Berlin`. */
  static named(name: string): Zone | undefined {
    const zone = IANAZone.isValidZone(name) ? IANAZone.create(name) : undefined;
    return zone && new Zone(0, zone);
  }

  get name(): string | null {
    return this.named?.name ?? null;
  }

  /** Minutes ahead of UTC at an instant (milliseconds since 1970). */
  offsetAt(instant: number): number {
    return this.named?.offset(instant) ?? this.fixed;
  }

  /**
   * The instant at which the zone's clock shows `civil` (the reading, as if it were UTC). Where the clock skips the
   * reading or shows it twice, the offset before the change counts.
   */
  instantOf(civil: number): number {
    const before = civil - this.offsetAt(civil - 24 * 60 * MINUTE) * MINUTE;
    if (this.civilAt(before) === civil) {
      return before;
    }
    const after = civil - this.offsetAt(civil + 24 * 60 * MINUTE) * MINUTE;
    return this.civilAt(after) === civil ? after : before;
  }

  /** What the zone's clock shows at an instant. */
  civilAt(instant: number): number {
    return instant + this.offsetAt(instant) * MINUTE;
  }

  /** `Z` or `+02:00`, the offset at an instant. */
  offsetText(instant: number): string {
    const minutes = this.offsetAt(instant);
    if (minutes === 0) {
      return 'Z';
    }
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    return `${minutes < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(rest)}`;
  }
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
