import { expect } from 'chai';
import { describe, it } from 'mocha';

import { GatheredQuestions, type Question } from '../dist/gathered-questions.js';

function question(value: string, column = 'id'): Question {
  return { table: 'task', selected: 'id', equalColumns: [column], values: [value] };
}

/** Answers each question with its value; notes what was asked together. */
function gathered(asked: string[][]): GatheredQuestions {
  const answer = ({ values }: Question): string[][] => {
    if (values[0] === 'bad') throw new Error('failed');
    return [[String(values[0])]];
  };
  return new GatheredQuestions({
    ask: async (one) => {
      asked.push([String(one.values[0])]);
      return Promise.resolve(answer(one));
    },
    askTogether: async (questions) => {
      asked.push(questions.map(({ values }) => String(values[0])));
      return Promise.resolve(questions.map(answer));
    },
  });
}

describe('gathered questions', () => {
  it('are one statement for each form where they come in one turn', async () => {
    const asked: string[][] = [];
    const questions = gathered(asked);
    const all = [question('a'), question('b'), question('c', 'name'), question('d')];
    expect(await Promise.all(all.map((each) => questions.ask(each)))).to.deep.equal([
      [['a']],
      [['b']],
      [['c']],
      [['d']],
    ]);
    expect(asked).to.deep.equal([['a', 'b', 'd'], ['c']]);
    await questions.ask(question('e'));
    expect(asked.at(-1)).to.deep.equal(['e']);
  });

  it('are bounded in number', async () => {
    const asked: string[][] = [];
    const questions = gathered(asked);
    await Promise.all(Array.from({ length: 250 }, (_, at) => questions.ask(question(String(at)))));
    expect(asked.map(({ length }) => length)).to.deep.equal([100, 100, 50]);
  });

  it('fail together, and no others', async () => {
    const questions = gathered([]);
    const all = [question('a'), question('bad'), question('c', 'name')];
    const outcomes = await Promise.allSettled(all.map((each) => questions.ask(each)));
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'fulfilled']);
  });
});
