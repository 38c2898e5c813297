/** Makes the SQLite file named on the command line, with the engine's tables. */
import { createStorage } from '../../packages/repository/dist/index.js';

const storage = createStorage({ dialect: 'sqlite', storage: process.argv[2] });
await storage.open();
await storage.close();
