// The MCP Inspector, strict, in both protocol eras. Its exit codes judge: 0 good, 1 the answer breaks the output
// schema, 5 the tool reported an error, 6 a schema that strict clients reject.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { apiKey, mcpUrl } from '../sandbox.js';

const readTools = {
  whoami: () => ({}),
  get_metadata: () => ({}),
  list_requests: () => ({ page_size: 100, queue: 'all' }),
  get_request: known => ({ request_id: known.request }),
  search_requests: () => ({ query: 'printer', count_total: true }),
  get_request_conversation: known => ({ request_id: known.request }),
  list_technicians: () => ({}),
  get_technician: known => ({ technician: known.technician }),
  find_technician: known => ({ query: known.technician.split('@')[0] }),
};

const inspect = (era, ...options) => new Promise(resolve => {
  const all = ['--cli', mcpUrl, '--header', `X-API-Key: ${apiKey}`, '--protocol-era', era, '--format', 'json', ...options];
  execFile('mcp-inspector', all, { timeout: 60_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
    resolve({ exit: error === null ? 0 : error.code ?? error.signal, stdout, stderr }));
});

const call = (era, tool, args) => inspect(era, '--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(args));

const succeed = ({ exit, stdout, stderr }) => {
  assert.equal(exit, 0, `exit ${exit}\n${stdout.slice(0, 2000)}\n${stderr}`);
  return JSON.parse(stdout).result;
};

for (const era of ['modern', 'legacy'])
  describe(`in the ${era} era`, () => {
    const known = {};

    before(async () => {
      known.request = succeed(await call(era, 'list_requests', { page_size: 1 })).structuredContent.requests[0].display_id;
      known.technician = succeed(await call(era, 'whoami', {})).structuredContent.technician_email;
    });

    test('tools/list has no schema that a strict client rejects', async () => {
      const { tools } = succeed(await inspect(era, '--method', 'tools/list', '--strict'));
      for (const tool of tools.filter(tool => tool.annotations?.readOnlyHint))
        assert.ok(tool.name in readTools, `${tool.name} is a read tool that is not called here`);
      assert.ok(Object.keys(readTools).every(name => tools.some(tool => tool.name === name)), 'a read tool is missing');
    });

    for (const [tool, args] of Object.entries(readTools))
      test(`${tool} answers what its schema says`, async () => {
        assert.ok(succeed(await call(era, tool, args(known))).structuredContent);
      });

    test('create_request answers what its schema says', async () => {
      const subject = `Inspector ${randomUUID()}`;
      assert.equal(succeed(await call(era, 'create_request', { subject })).structuredContent.subject, subject);
    });

    test('a failure is an error to the Inspector', async () => {
      assert.equal((await call(era, 'get_request', { request_id: '999999999' })).exit, 5);
    });
  });
