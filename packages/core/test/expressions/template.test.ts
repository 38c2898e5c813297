import { expect } from 'chai';
import { compileExpression } from '../../dist/model/expressions/compile-expression.js';
import { compileText } from '../../dist/model/expressions/template.js';
import { contextOf } from './evaluation-context.js';

const context = contextOf({ name: 'Bob', count: 3, token: { current: { topic: 'orders' } } });

describe('A text that may be an expression', () => {
  it('is literal without a marker', () => {
    for (const text of [
      'Order',
      'a + b',
      '',
      ' spaced ',
      'Hello ${name}',
      '${name} and ${name}',
      '$name',
      'a = b',
      '{a}',
    ]) {
      const compiled = compileText(text);

      expect(compiled.language, text).to.equal('literal');
      expect(compiled.evaluate(context)).to.equal(text);
      expect([...compiled.names]).to.deep.equal([]);
    }
  });

  it('is an expression with a marker, and keeps the type of its value', () => {
    expect(compileText('${name}').evaluate(context)).to.equal('Bob');
    expect(compileText('${count}').evaluate(context)).to.equal(3);
    expect(compileText('#{count + 1}').evaluate(context)).to.equal(4);
    expect(compileText('=count * 2').evaluate(context)).to.equal(6);
    expect(compileText('${ `${name}!` }').evaluate(context)).to.equal('Bob!');
  });

  it('is JavaScript if it contains what its place asks for', () => {
    const topic = { literalUnless: 'token.' };
    expect(compileText('token.current.topic', topic).evaluate(context)).to.equal('orders');
    expect(compileText("'a-' + token.current.topic", topic).evaluate(context)).to.equal('a-orders');
    expect(compileText('token-topic', topic).evaluate(context)).to.equal('token-topic');
    expect(compileText('${name}', topic).evaluate(context)).to.equal('Bob');
    expect(compileText('PT5S', { literalUnless: 'token' }).evaluate(context)).to.equal('PT5S');
  });

  it('can be asked for when compiling an expression', () => {
    expect(compileExpression('a + b', { mode: 'template' }).language).to.equal('literal');
    expect(compileExpression('${name}', { mode: 'template' }).evaluate(context)).to.equal('Bob');
  });
});
