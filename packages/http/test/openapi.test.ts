import { BASE_PATHS, pathOf, ROUTES } from '@process-engine/contracts/http';
import { expect } from 'chai';
import { HttpFixture } from './support/http-fixture.js';

describe('The OpenAPI document', () => {
  const http = new HttpFixture();
  let document: any;
  before(async () => {
    await http.start();
    document = (await http.get('/openapi.json', { authorized: false })).json;
  });
  after(() => http.stop());

  it('is the same at the places where older clients look', async () => {
    for (const base of Object.values(BASE_PATHS)) {
      expect((await http.get(`${base}/swagger`, { authorized: false })).json).to.deep.equal(document);
    }
  });

  it('names version, application and the way to authenticate', () => {
    expect(document.openapi).to.equal('3.1.0');
    expect(document.info).to.deep.equal({ title: 'engine', version: '1.2.3' });
    expect(document.components.securitySchemes.bearer).to.deep.equal({ type: 'http', scheme: 'bearer' });
  });

  it('has one operation per row, each with an id of its own, its path parameters and an answer', () => {
    const ids = new Set<string>();
    for (const route of ROUTES) {
      const path = pathOf(route).replace(/:(\w+)/g, '{$1}');
      const operation = document.paths[path]?.[route.method];
      expect(operation, path).to.be.an('object');
      ids.add(operation.operationId);
      expect(operation.responses).to.have.property(route.response === undefined ? '204' : '200');
      expect(operation.responses).to.have.property('default');
      const inPath = (operation.parameters ?? []).filter((parameter: any) => parameter.in === 'path');
      expect(inPath.map((parameter: any) => parameter.name)).to.have.members(
        [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
      );
      expect(Boolean(operation.security)).to.equal(route.authenticated);
      expect(Boolean(operation.requestBody)).to.equal(route.request !== undefined);
    }
    expect(ids).to.have.lengthOf(ROUTES.length);
  });

  it('resolves all its references and has no schema dialect of its own', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]!);
    expect(references.length).to.be.greaterThan(ROUTES.length);
    for (const reference of new Set(references)) {
      const target = reference.split('/').reduce((node: any, key) => node?.[key], document);
      expect(target, reference).to.be.an('object');
    }
    expect(text).not.to.contain('$schema');
  });

  it('calls the schemas what the contracts call them', () => {
    expect(document.components.schemas).to.include.keys('UserTaskList', 'ProcessStartRequest', 'Deployment', 'Error');
    expect(document.components.schemas.ProcessStartResponse.required).to.deep.equal([
      'correlationId',
      'processInstanceId',
    ]);
    const start = document.paths['/api/consumer/v1/process_models/{process_model_id}/start'].post;
    expect(start.requestBody.required).to.be.false;
    expect(start.parameters.map((parameter: any) => parameter.name)).to.include('start_callback_type');
  });
});
