import { auditCases } from './audit-cases.js';
import { deploymentCases } from './deployment-cases.js';
import { earlyOperationCases } from './early-operation-cases.js';
import { eventCases } from './event-cases.js';
import { externalTaskCases } from './external-task-cases.js';
import { externalTaskReportCases } from './external-task-report-cases.js';
import { identityCases } from './identity-cases.js';
import { incidentCases } from './incident-cases.js';
import { incidentRetryCases } from './incident-retry-cases.js';
import { managementCases } from './management-cases.js';
import { managementViewCases } from './management-view-cases.js';
import { messageCases } from './message-cases.js';
import { notificationCases } from './notification-cases.js';
import { processModelCases } from './process-model-cases.js';
import { resultCases } from './result-cases.js';
import { startCases } from './start-cases.js';
import { startOutcomeCases } from './start-outcome-cases.js';
import type { ApiSuiteSubject } from './subject.js';
import { suiteContext, type SuiteContext, type TestRunner } from './suite-context.js';
import { taskCases } from './task-cases.js';
import { taskListCases } from './task-list-cases.js';
import { timerCases } from './timer-cases.js';
import { userTaskCases } from './user-task-cases.js';

export type { ApiSuiteSubject } from './subject.js';
export type { TestRunner } from './suite-context.js';

const GROUPS: Readonly<Record<string, (context: SuiteContext) => void>> = {
  identities: identityCases,
  'the audit log': auditCases,
  deployments: deploymentCases,
  'process models': processModelCases,
  'starting an instance': startCases,
  'waiting for the end of an instance': startOutcomeCases,
  tasks: taskCases,
  'task lists': taskListCases,
  'user tasks': userTaskCases,
  events: eventCases,
  'messages and signals': messageCases,
  'external tasks': externalTaskCases,
  'reports on external tasks': externalTaskReportCases,
  results: resultCases,
  'operations of the first documents': earlyOperationCases,
  timers: timerCases,
  notifications: notificationCases,
  management: managementCases,
  'what the management API tells': managementViewCases,
  incidents: incidentCases,
  'retrying incidents': incidentRetryCases,
};

/**
 * The contracts of the APIs as executable cases, the same for every accessor: whatever passes them can stand between an
 * application and the engine.
 *
 * @param name title of the group of cases.
 * @param create makes an accessor to an engine without models, with an audit log; asked once per group of cases.
 * @param runner the functions of a test runner such as mocha.
 */
export function apiSuite(name: string, create: () => Promise<ApiSuiteSubject>, runner: TestRunner): void {
  runner.describe(name, () => {
    for (const [title, cases] of Object.entries(GROUPS)) {
      runner.describe(title, () => cases(suiteContext(runner, create)));
    }
  });
}
