import { serverSuite } from '../support/server-suite.js';
import { mariadbServer } from './mariadb-server.js';

serverSuite(mariadbServer);
