export interface ServerSentEvent {
  /** The last id the stream has named. */
  readonly id: string;
  /** `''`: a sign of life, no event. */
  readonly data: string;
}

/**
 * The messages of a stream (WHATWG HTML, 9.2.6), those without data included: their ids tell how far the server is.
 * `isSilent` is called where nothing arrives for `silence` milliseconds; it has to end the stream.
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
  { silence, isSilent }: { silence: number; isSilent: () => void },
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const reader = body.getReader();
  const message = new Message();
  let text = '';
  const decoder = new TextDecoder();
  let timer = setTimeout(isSilent, silence);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(isSilent, silence);
      const lines = (text + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      text = lines.pop() ?? '';
      for (const line of lines) {
        const complete = message.take(line);
        if (complete !== undefined) yield complete;
      }
    }
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => undefined);
  }
}

/** Collects the lines of one message after the other. */
class Message {
  #id = '';
  #data: string[] = [];
  #begun = false;

  /** An empty line completes the message. */
  take(line: string): ServerSentEvent | undefined {
    if (line !== '') return this.#add(line);
    if (!this.#begun) return undefined;
    const complete = { id: this.#id, data: this.#data.join('\n') };
    this.#data = [];
    this.#begun = false;
    return complete;
  }

  #add(line: string): undefined {
    const [, field = '', value = ''] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) ?? [];
    if (field === 'id' && !value.includes('\0')) this.#id = value;
    if (field === 'data') this.#data.push(value);
    if (field !== '') this.#begun = true;
  }
}
