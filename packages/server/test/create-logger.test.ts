import { expect } from 'chai';
import { createLogger, type LogLevel } from '@process-engine/server';

describe('The logger', () => {
  function logged(isTTY: boolean, level?: LogLevel): { text: string; logger: ReturnType<typeof createLogger> } {
    const kept = { text: '' };
    const stream = { isTTY, write: (text: string) => (kept.text += text) };
    return Object.assign(kept, { logger: createLogger({ level, stream }) });
  }

  it('writes a JSON object per line', () => {
    const kept = logged(false);
    kept.logger.warn({ port: 8000 }, 'taken');
    const line = JSON.parse(kept.text) as Record<string, unknown>;
    expect(line).to.include({ level: 'warn', port: 8000, msg: 'taken' });
    expect(line['time']).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('writes a readable line on a terminal', () => {
    const kept = logged(true);
    kept.logger.info({ url: 'http://127.0.0.1:8000' }, 'listening');
    expect(kept.text).to.match(/^\d\d:\d\d:\d\d\.\d{3} info {2}listening {2}\{"url":"http:\/\/127\.0\.0\.1:8000"\}\n$/);
  });

  for (const name of ['err', 'error', 'problem']) {
    it(`shows the stack of an error on a terminal, also as '${name}'`, () => {
      const kept = logged(true);
      kept.logger.error({ [name]: new Error('broken') }, 'it failed');
      expect(kept.text).to.include('it failed\n').and.include('Error: broken').and.include('create-logger.test');
    });

    it(`writes the message and the stack of an error in '${name}'`, () => {
      const kept = logged(false);
      kept.logger.error({ [name]: new Error('broken') }, 'it failed');
      const { message, stack } = (JSON.parse(kept.text) as Record<string, { message: string; stack: string }>)[name]!;
      expect(message).to.equal('broken');
      expect(stack).to.include('create-logger.test');
    });
  }

  it('leaves out what lies below its level', () => {
    const kept = logged(false, 'warn');
    kept.logger.info({}, 'not worth it');
    kept.logger.warn({}, 'worth it');
    expect(kept.text).not.to.include('not worth it');
    expect(kept.text).to.include('worth it');
  });
});
