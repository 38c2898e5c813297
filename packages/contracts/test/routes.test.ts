import { expect } from 'chai';
import { pathOf, ROUTES, type Route } from '@process-engine/contracts/http';

function keyOf(route: Route): string {
  return `${route.method} ${pathOf(route).replace(/:\w+/g, ':')}`;
}

describe('the route table', () => {
  it('has one row per method and path', () => {
    const keys = ROUTES.map(keyOf);
    expect(new Set(keys).size).to.equal(keys.length);
  });

  it('has one row per operation besides those marked as aliases', () => {
    const operations = ROUTES.filter(({ alias }) => !alias).map(({ api, operation }) => `${api}.${operation}`);
    expect(new Set(operations).size).to.equal(operations.length);
  });

  it('binds every path parameter to an argument', () => {
    for (const { path, args, operation } of ROUTES) {
      const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      const bound = args.flatMap((binding) => {
        if (binding.in === 'path') return [binding.name];
        if (binding.in !== 'object') return [];
        return Object.values(binding.fields).flatMap((from) => ('path' in from ? [from.path] : []));
      });
      expect(bound, operation).to.have.members(inPath);
    }
  });

  it('sends bodies only where the method has one, and describes each of them', () => {
    for (const { method, args, request, operation } of ROUTES) {
      const hasBody = args.some((binding) => binding.in === 'body' || binding.in === 'field');
      if (hasBody) expect(method, operation).to.be.oneOf(['post', 'put']);
      expect(request !== undefined, operation).to.equal(hasBody);
    }
  });
});
