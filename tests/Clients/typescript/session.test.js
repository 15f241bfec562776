// The official TypeScript client works through a whole ticket, over HTTP and over stdio.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { apiKey, broker, mcpUrl, shim } from '../sandbox.js';

const http = key => new StreamableHTTPClientTransport(new URL(mcpUrl), { requestInit: { headers: { 'X-API-Key': key } } });
const stdio = () => new StdioClientTransport({ command: shim, args: ['serve', '--stdio'], env: { Shim__Broker: broker }, stderr: 'ignore' });
const newClient = () => new Client({ name: 'typescript-sdk', version: '1.0.0' });

for (const [name, connect] of [['Streamable HTTP', () => http(apiKey)], ['stdio', stdio]]) {
  describe(`a session over ${name}`, () => {
    const client = newClient();
    const subject = `TypeScript client ${randomUUID()}`;
    let id;

    const call = (tool, args) => client.callTool({ name: tool, arguments: args });
    const answer = async (tool, args) => {
      const result = await call(tool, args);
      assert.notEqual(result.isError, true, JSON.stringify(result.content));
      assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
      return result.structuredContent;
    };
    const failure = async (tool, args) => {
      const result = await call(tool, args);
      assert.equal(result.isError, true, JSON.stringify(result.structuredContent));
      return result.content[0].text;
    };
    const conversation = async () => (await answer('get_request_conversation', { request_id: id })).messages;

    before(() => client.connect(connect()));
    after(() => client.close());

    test('lists the tools, each with hints and both schemas', async () => {
      // From here on the client checks every structured answer against its output schema.
      const { tools } = await client.listTools();
      for (const name of ['list_requests', 'get_request', 'create_request', 'add_note', 'reply_to_requester', 'close_request'])
        assert.ok(tools.some(tool => tool.name === name), `${name} is missing`);
      for (const tool of tools) {
        assert.equal(tool.outputSchema?.type, 'object', tool.name);
        assert.equal(tool.inputSchema.type, 'object', tool.name);
        assert.equal(typeof tool.annotations?.readOnlyHint, 'boolean', tool.name);
      }
    });

    test('lists requests', async () => {
      const page = await answer('list_requests', { page_size: 5 });
      assert.equal(page.requests.length, 5);
      assert.equal(page.has_more, true);
    });

    test('opens a request and reads it back', async () => {
      const opened = await answer('create_request', { subject, description: 'Zeile 1 <b>&\nline 2' });
      id = opened.display_id;
      const read = await answer('get_request', { request_id: `#${id}` });
      assert.equal(read.subject, subject);
      assert.equal(read.description, 'Zeile 1 <b>&\nline 2');
      assert.equal(read.is_open, true);
      const found = await answer('search_requests', { query: subject });
      assert.deepEqual(found.requests.map(request => request.display_id), [id]);
    });

    test('gets it by the number as a JSON number too', async () => {
      assert.equal((await answer('get_request', { request_id: Number(id) })).subject, subject);
    });

    test('adds a note, which the conversation then shows', async () => {
      const note = await answer('add_note', { request_id: id, note: 'A note from TypeScript.' });
      assert.equal(note.show_to_requester, true);
      assert.ok((await conversation()).some(message => message.text === 'A note from TypeScript.'));
    });

    test('replies to the requester, which the conversation then shows', async () => {
      const { requester } = await answer('get_request', { request_id: id });
      const sent = await answer('reply_to_requester', { request_id: id, message: 'A reply from TypeScript.' });
      assert.deepEqual(sent.to, [requester.email]);
      assert.ok((await conversation()).some(message => message.text?.includes('A reply from TypeScript.') && message.by_technician));
    });

    test('closes the request, which really is closed afterwards', async () => {
      const { technician_email } = await answer('whoami', {});
      await answer('update_request', { request_id: id, technician: technician_email });
      const closed = await answer('close_request', { request_id: id, resolution: 'Solved from TypeScript.', closure_code: 'Success' });
      assert.equal(closed.is_open, false);
      const read = await answer('get_request', { request_id: id });
      assert.equal(read.is_open, false);
      assert.equal(read.status, 'Closed');
      assert.equal(read.resolution, 'Solved from TypeScript.');
      const open = await answer('list_requests', { queue: 'open', page_size: 100 });
      assert.ok(!open.requests.some(request => request.display_id === id), 'still in the queue of open requests');
    });

    test('is told the name of an argument that does not exist', async () => {
      assert.match(await failure('get_request', { request_id: id, colour: 'red' }), /colour/);
    });

    test('is told of all that is wrong with the arguments at once', async () => {
      const text = await failure('create_request', { descripton: 'x', due_by_time: 'soon' });
      for (const word of ['subject', 'descripton', 'due_by_time']) assert.match(text, new RegExp(`\\b${word}\\b`));
    });

    test('is told that a request does not exist', async () => {
      assert.match(await failure('get_request', { request_id: '999999999' }), /999999999/);
    });

    test('gets a protocol error for a tool that does not exist', async () => {
      await assert.rejects(call('drop_everything', {}), error => error.code === -32602);
    });
  });
}

for (const [name, key] of [['a wrong key', 'wrong'], ['the key with one letter more', `${apiKey}x`], ['no key', undefined]])
  test(`${name} is answered with 401`, async () => {
    const headers = key === undefined ? {} : { 'X-API-Key': key };
    const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), { requestInit: { headers } });
    await assert.rejects(newClient().connect(transport), error => error.code === 401 || /401/.test(error.message));
  });

test('the key as a bearer token is let in', async () => {
  const client = newClient();
  await client.connect(new StreamableHTTPClientTransport(new URL(mcpUrl), { requestInit: { headers: { Authorization: `Bearer ${apiKey}` } } }));
  assert.ok((await client.listTools()).tools.length > 0);
  await client.close();
});
