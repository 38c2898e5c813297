import * as contracts from '@process-engine/contracts';
import type { ApplicationInfo, JsonObject } from '@process-engine/contracts';
import {
  type ArgumentBinding,
  NOTIFICATION_STREAM_PATH,
  NOTIFICATION_STREAM_QUERY,
  pathOf,
  type Route,
  ROUTES,
} from '@process-engine/contracts/http';

type Schema = NonNullable<Route['request']>;

/** The OpenAPI 3.1 document of all routes. Schemas the contracts export become components under their names. */
export function openApiDocument(application: ApplicationInfo): JsonObject {
  const schemas = new ComponentSchemas();
  const paths: Record<string, JsonObject> = {};
  for (const route of ROUTES) {
    const path = pathOf(route).replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = operationOf(route, schemas);
  }
  paths[NOTIFICATION_STREAM_PATH] = { get: notificationStream };
  return {
    openapi: '3.1.0',
    info: { title: application.name, version: application.version },
    paths,
    components: {
      schemas: { ...schemas.all, Error: errorSchema },
      responses: {
        Error: {
          description: 'The operation was refused or failed; `code` is the HTTP status',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  };
}

const errorSchema: JsonObject = {
  type: 'object',
  required: ['message', 'code', 'reason'],
  properties: {
    message: { type: 'string' },
    code: { type: 'integer' },
    reason: { type: 'string', description: 'stable, for programs' },
    additionalInformation: {},
  },
};

const notificationStream: JsonObject = {
  operationId: 'notificationApi.followEvents',
  summary: 'Follow notifications as server-sent events',
  tags: ['notificationApi'],
  security: [{ bearer: [] }],
  parameters: [
    ...Object.entries(NOTIFICATION_STREAM_QUERY).map(([name, description]) => ({
      ...{ name, in: 'query', description, schema: { type: 'string' } },
    })),
    { name: 'Last-Event-ID', in: 'header', description: 'Wins over `after`', schema: { type: 'string' } },
  ],
  responses: {
    200: {
      description: 'One event per notification, its cursor as id; comments and ids alone are signs of life',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    },
    default: { $ref: '#/components/responses/Error' },
  },
};

function operationOf(route: Route, schemas: ComponentSchemas): JsonObject {
  const parameters = route.args.flatMap(parametersOf);
  const success: JsonObject =
    route.response === undefined
      ? { 204: { description: 'Done' } }
      : {
          200: {
            description: 'The result',
            content: { 'application/json': { schema: schemas.refer(route.response, 'output') } },
          },
        };
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.mount ?? route.api],
    ...(route.alias ? { deprecated: true } : {}),
    ...(route.authenticated ? { security: [{ bearer: [] }] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.request === undefined ? {} : { requestBody: requestBodyOf(route.request, schemas) }),
    responses: { ...success, default: { $ref: '#/components/responses/Error' } },
  };
}

/** Of an alias, its path tells it apart. */
function operationId({ api, mount = api, operation, alias, path }: Route): string {
  return alias ? `${mount}.${operation}.${path.replace(/\W+/g, '_').replace(/^_|_$/g, '')}` : `${api}.${operation}`;
}

function requestBodyOf(schema: Schema, schemas: ComponentSchemas): JsonObject {
  return {
    // An absent body counts as `{}`.
    required: !schema.safeParse({}).success,
    content: { 'application/json': { schema: schemas.refer(schema, 'input') } },
  };
}

function parametersOf(binding: ArgumentBinding): JsonObject[] {
  switch (binding.in) {
    case 'path':
      return [{ name: binding.name, in: 'path', required: true, schema: { type: 'string' } }];
    case 'query':
      return [{ name: binding.name, in: 'query', schema: { type: binding.codec.type } }];
    case 'query-object':
      return Object.values(binding.fields).map(({ name, codec }) => ({
        name,
        in: 'query',
        schema: { type: codec.type },
      }));
    case 'object':
      return Object.values(binding.fields).flatMap((from) =>
        'path' in from ? [{ name: from.path, in: 'path', required: true, schema: { type: 'string' } }] : [],
      );
    case 'body':
    case 'field':
      return [];
  }
}

/** Collects the schemas that have a name in the contracts; the others stand where they are used. */
class ComponentSchemas {
  readonly all: Record<string, JsonObject> = {};

  refer(schema: Schema, io: 'input' | 'output'): JsonObject {
    const name = NAMES.get(schema);
    if (name === undefined) return jsonSchemaOf(schema, io);
    this.all[name] ??= jsonSchemaOf(schema, io);
    return { $ref: `#/components/schemas/${name}` };
  }
}

/** Schema → the name it is exported under, without the ending `Schema` and with a capital letter. */
const NAMES: ReadonlyMap<unknown, string> = new Map(
  Object.entries(contracts)
    .filter(([name]) => name.endsWith('Schema'))
    .map(([name, schema]) => [schema, name.charAt(0).toUpperCase() + name.slice(1, -'Schema'.length)]),
);

function jsonSchemaOf(schema: Schema, io: 'input' | 'output'): JsonObject {
  const generated = schema.toJSONSchema({ target: 'draft-2020-12', io, unrepresentable: 'any' });
  const jsonSchema = JSON.parse(JSON.stringify(generated)) as JsonObject;
  // JSON Schema 2020-12 is the dialect of OpenAPI 3.1: it goes without saying.
  delete jsonSchema['$schema'];
  return jsonSchema;
}
