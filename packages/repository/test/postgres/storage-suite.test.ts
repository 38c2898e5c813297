import { serverSuite } from '../support/server-suite.js';
import { postgresServer } from './postgres-server.js';

serverSuite(postgresServer);
