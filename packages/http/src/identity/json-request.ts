const TIMEOUT = 5_000;
const MAX_BYTES = 1024 * 1024;

/** The JSON at an address. Error: no answer in five seconds, a status other than 200, a redirect, over 1 MB, no JSON. */
export async function jsonAt(address: string): Promise<unknown> {
  const response = await fetch(address, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${address} answered ${response.status}`);
  }
  return JSON.parse(await limitedText(response, address));
}

async function limitedText(response: Response, address: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    const chunk = part as Uint8Array;
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error(`${address} answered with more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
