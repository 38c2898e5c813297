import { expect } from 'chai';
import { compileExpression } from '../../dist/model/expressions/compile-expression.js';
import { ExpressionSyntaxError } from '../../dist/model/expressions/expression-errors.js';
import { evaluate } from './evaluation-context.js';

function syntaxErrorOf(source: string, language?: string): ExpressionSyntaxError {
  try {
    compileExpression(source, { language });
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) {
      return error;
    }
    throw error;
  }
  throw new Error(`no syntax error in ${source}`);
}

describe('The language of an expression', () => {
  it('is FEEL after an equals sign', () => {
    expect(compileExpression('=a = 1').language).to.equal('feel');
    expect(compileExpression(' = if a then 1 else 2').language).to.equal('feel');
  });

  it('is the common subset wholly inside ${…} or #{…}', () => {
    expect(compileExpression('${a and b}').language).to.equal('juel');
    expect(compileExpression('#{a eq 1}').language).to.equal('juel');
    expect(compileExpression(' ${ {a: "}"} } ').language).to.equal('juel');
  });

  it('is JavaScript otherwise', () => {
    expect(compileExpression('token.current > 1').language).to.equal('javascript');
    expect(compileExpression('`${a}`').language).to.equal('javascript');
  });

  it('is the one that is named', () => {
    expect(compileExpression('a = 1', { language: 'feel' }).language).to.equal('feel');
    expect(compileExpression('=a', { language: 'FEEL' }).language).to.equal('feel');
    for (const uri of [
      'http://www.omg.org/spec/FEEL/20140401',
      'https://www.omg.org/spec/DMN/20191111/FEEL/',
      'http://www.omg.org/spec/DMN/20180521/FEEL/',
    ]) {
      expect(compileExpression('a = 1', { language: uri }).language).to.equal('feel');
    }
    for (const name of ['javascript', 'JavaScript', 'js', 'ecmascript', 'text/javascript']) {
      expect(compileExpression('a == 1', { language: name }).language).to.equal('javascript');
    }
    expect(compileExpression('a eq 1', { language: 'juel' }).language).to.equal('juel');
    expect(compileExpression('${a eq 1}', { language: 'juel' }).language).to.equal('juel');
  });

  it('is found in the text where the named one says nothing', () => {
    expect(compileExpression('=a', { language: 'http://www.w3.org/1999/XPath' }).language).to.equal('feel');
    expect(compileExpression('a == 1', { language: '' }).language).to.equal('javascript');
  });

  it('is refused if it is not known', () => {
    expect(() => compileExpression('a', { language: 'groovy' })).to.throw(TypeError, /'groovy' is not supported/);
  });

  it('shows syntax errors with their position in the whole text', () => {
    expect(syntaxErrorOf('a +').position).to.equal(3);
    expect(syntaxErrorOf('a b').position).to.equal(2);
    expect(syntaxErrorOf('${a +* b}').position).to.equal(5);
    expect(syntaxErrorOf('  =1 +').position).to.equal(6);
    expect(syntaxErrorOf('=1 ]').position).to.equal(3);
    expect(syntaxErrorOf('= ').message).to.match(/empty/);
    expect(syntaxErrorOf('${}').message).to.match(/empty/);
    expect(syntaxErrorOf('return 1').message).to.not.equal('');
    expect(syntaxErrorOf('10n').message).to.match(/BigInt/);
    expect(syntaxErrorOf('import("node:fs")').message).to.match(/import/);
  });

  it('refuses texts that nest too deeply, instead of using up the stack', () => {
    const nested = [
      '('.repeat(5_000) + '1' + ')'.repeat(5_000),
      '['.repeat(300) + ']'.repeat(300),
      `${'!'.repeat(50_000)}a`,
      `a${'.b'.repeat(5_000)}`,
      `a${'+a'.repeat(20_000)}`,
      `${'a?b:'.repeat(10_000)}c`,
      `${'a=>'.repeat(10_000)}c`,
      `=${'('.repeat(1_000)}1${')'.repeat(1_000)}`,
      `=${'['.repeat(4_000)}`,
      `=a${'.a'.repeat(2_000)}`,
      `=${'if a then b else '.repeat(500)}c`,
      `\${${'('.repeat(5_000)}1${')'.repeat(5_000)}}`,
    ];

    for (const source of nested) {
      expect(() => compileExpression(source), source.slice(0, 20)).to.throw(ExpressionSyntaxError);
    }
  });

  it('refuses texts that are too long', () => {
    expect(syntaxErrorOf(`'${'x'.repeat(200_000)}'`).message).to.match(/longer/);
    expect(syntaxErrorOf(`="${'x'.repeat(20_000)}"`).message).to.match(/longer/);
    expect(syntaxErrorOf(`\${${'a and '.repeat(50_000)}b}`).message).to.match(/longer/);
  });
});

describe('Expressions in ${…}', () => {
  const data = { a: 5, b: 2, t: true, f: false, list: [], text: 'x', le: 3, o: { and: 7, empty: 8 } };

  it('know the words of JUEL', () => {
    expect(evaluate('${a gt b and t}', data)).to.equal(true);
    expect(evaluate('${a lt b or f}', data)).to.equal(false);
    expect(evaluate('${not f}', data)).to.equal(true);
    expect(evaluate('${not (a eq b)}', data)).to.equal(true);
    expect(evaluate('${a ne b}', data)).to.equal(true);
    expect(evaluate('${a le 5 and a ge 5}', data)).to.equal(true);
    expect(evaluate('${a div b}', data)).to.equal(2.5);
    expect(evaluate('${a mod b}', data)).to.equal(1);
    expect(evaluate("${'a' eq 'a' and 1 eq 1}", data)).to.equal(true);
  });

  it('know what is empty', () => {
    expect(evaluate('${empty list}', data)).to.equal(true);
    expect(evaluate('${empty missing}', data)).to.equal(true);
    expect(evaluate("${empty ''}", data)).to.equal(true);
    expect(evaluate('${empty o}', data)).to.equal(false);
    expect(evaluate('${not empty text}', data)).to.equal(true);
    expect(evaluate('${!empty text and empty list}', data)).to.equal(true);
    expect(evaluate('${empty f}', data)).to.equal(false);
  });

  it('leave the words alone where they are names', () => {
    expect(evaluate('${le}', data)).to.equal(3);
    expect(evaluate('${le le le}', data)).to.equal(true);
    expect(evaluate('${o.and + o.empty}', data)).to.equal(15);
    expect(evaluate('${ {and: 1, not: 2}.and }', data)).to.equal(1);
    expect(evaluate("${'a and b'}", data)).to.equal('a and b');
    expect(evaluate('${empty}', { empty: 4 })).to.equal(4);
  });

  it('keep the type of their value', () => {
    expect(evaluate('${a}', data)).to.equal(5);
    expect(evaluate('${o}', data)).to.equal(data.o);
    expect(evaluate('${t ? 1 : 2}', data)).to.equal(1);
  });

  it('fail where a property of nothing is read', () => {
    expect(() => evaluate('${missing.x.y}', data)).to.throw(TypeError);
  });

  it('refuse void, and empty where the sandbox would be needed', () => {
    expect(() => compileExpression('${void 0}')).to.throw(ExpressionSyntaxError, /void/);
    expect(() => compileExpression('${empty list || new Date()}')).to.throw(ExpressionSyntaxError, /empty/);
  });
});
