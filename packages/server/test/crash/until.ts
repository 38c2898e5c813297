/** How often a condition is looked at, ms. */
const INTERVAL = 5;

/** Polls until the condition answers something other than undefined. Error: it did not within the time limit. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, limit = 15_000): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited ${limit} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}
