import { afterEach, beforeEach, describe, it } from 'mocha';

import { MemoryStorage } from '../../dist/storage/memory-storage.js';
import { storageSuite } from '../../dist/testing/storage-suite.js';

storageSuite('MemoryStorage', () => Promise.resolve(new MemoryStorage()), { describe, it, beforeEach, afterEach });
