import { FeelObject } from './feel-object.js';
import { valueText } from './value-text.js';

/** An interval such as `[1..5)` or, with one end open to infinity, `> 5`. */
export class FeelRange extends FeelObject {
  /**
   * @param start `undefined` for no lower end
   * @param end `undefined` for no upper end
   */
  constructor(
    readonly start: unknown,
    readonly end: unknown,
    readonly included: { readonly start: boolean; readonly end: boolean },
  ) {
    super();
  }

  override toText(): string {
    const [open, close] = [this.included.start ? '[' : '(', this.included.end ? ']' : ')'];
    return `${open}${endText(this.start)}..${endText(this.end)}${close}`;
  }

  override toPlain(): string {
    return this.toText();
  }
}

function endText(end: unknown): string {
  return end === undefined ? '' : valueText(end);
}
