// @ts-check
/** base64 of `dummy_token`: the user who may do everything on a server in development. */
const DEVELOPMENT_IDENTITY = { userId: 'dummy_token', token: 'ZHVtbXlfdG9rZW4=' };

/**
 * Logs in where the server offers it, as the sample server does. A server without a login is one in development.
 *
 * @param {string} url
 * @returns {Promise<{userId: string, token: string}>}
 */
export async function login(url) {
  const response = await fetch(`${url}/iam/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'sampleUser', password: 'pass' }),
  }).catch((cause) => {
    throw new Error(`There is no server at ${url}. Start one in another terminal: npm start`, { cause });
  });
  if (response.status === 404) return DEVELOPMENT_IDENTITY;
  if (!response.ok) throw new Error(`The server refused the login: ${await response.text()}`);
  return (await response.json()).identity;
}
