import { expect } from 'chai';
import { externalAccessorConfig } from '@process-engine/client';

const url = 'http://localhost:8000';
const socketUrl = 'http://localhost:8001';

describe('The configuration of the external accessor', () => {
  it('is read from nested sections', () => {
    const configuration = { services: { http: { url } }, consumer_api: { external_accessor: { socketUrl } } };
    expect(externalAccessorConfig(configuration)).to.deep.equal({ url, socketUrl });
  });

  it('is read from keys with colons, and from the newer name of the HTTP client', () => {
    expect(externalAccessorConfig({ 'http:http_client': { url } })).to.deep.equal({ url });
    expect(externalAccessorConfig({ http: { http_client: { url } }, 'services:http': {} })).to.deep.equal({ url });
  });

  it('prefers services:http', () => {
    const configuration = { 'http:http_client': { url: 'http://other' }, 'services:http': { url } };
    expect(externalAccessorConfig(configuration)).to.deep.equal({ url });
  });

  it('says what is missing or wrong', () => {
    for (const configuration of [undefined, {}, { services: { http: { url: null } } }]) {
      expect(() => externalAccessorConfig(configuration)).to.throw(TypeError, /services:http or http:http_client/);
    }
    expect(() => externalAccessorConfig({ services: { http: { url: 1 } } })).to.throw(TypeError, /services:http\.url/);
    const wrong = { services: { http: { url } }, consumer_api: { external_accessor: { socketUrl: {} } } };
    expect(() => externalAccessorConfig(wrong)).to.throw(TypeError, /consumer_api:external_accessor\.socketUrl/);
  });
});
