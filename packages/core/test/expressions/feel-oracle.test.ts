import { expect } from 'chai';
import { evaluate as feelin } from 'feelin';
import { compileExpression } from '../../dist/model/expressions/compile-expression.js';
import { contextOf } from './evaluation-context.js';
import { FEEL_DATA, FEEL_TABLE } from './feel-table.js';

/** A result of feelin as JSON: its own objects by their texts, functions as nothing. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'function') {
    return null;
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== 'object') {
    return value;
  }
  if (value.constructor === Object) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  return value.constructor.name === 'FeelFunction' ? null : (value as { toString(): string }).toString();
}

describe('FEEL as feelin understands it', () => {
  const context = contextOf(FEEL_DATA);

  for (const [topic, sources] of Object.entries(FEEL_TABLE)) {
    describe(topic, () => {
      for (const source of sources.trim().split('\n')) {
        it(source, () => {
          const expected = plain(feelin(source, FEEL_DATA).value);

          expect(compileExpression(source, { language: 'feel' }).evaluate(context)).to.deep.equal(expected);
        });
      }
    });
  }

  it('is compared with at least 150 expressions', () => {
    const count = Object.values(FEEL_TABLE).flatMap((sources) => sources.trim().split('\n')).length;

    expect(count).to.be.at.least(150);
  });
});
