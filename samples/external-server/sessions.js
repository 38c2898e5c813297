// @ts-check
import { randomBytes } from 'node:crypto';
import { UnauthorizedError } from '@process-engine/contracts';

/** Who has logged in, by token. The engine asks it whom a request's bearer token belongs to. */
export class Sessions {
  /** @type {Map<string, string>} user id by token */
  #userIds = new Map();
  #users;

  /** @param {readonly {username: string, password: string}[]} users */
  constructor(users) {
    this.#users = users;
  }

  /**
   * @param {unknown} username
   * @param {unknown} password
   */
  login(username, password) {
    const user = this.#users.find((known) => known.username === username && known.password === password);
    if (user === undefined) throw new UnauthorizedError('the user name or the password is wrong');
    const token = randomBytes(32).toString('base64url');
    this.#userIds.set(token, user.username);
    return { token, identity: { token, userId: user.username } };
  }

  /** @param {string} token */
  async getIdentity(token) {
    const userId = this.#userIds.get(token);
    if (userId === undefined) throw new UnauthorizedError('the token is unknown: log in first');
    return { token, userId };
  }

  clear() {
    this.#userIds.clear();
  }
}
