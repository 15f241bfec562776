// Runs the conformance suite for one revision against a shim of our own making and counts its checks.
// A check named in the revision's list is neither passed nor failed; one that is not, and fails, or that is and passes,
// is failed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { broker, shim } from '../sandbox.js';

const revision = process.argv[2];

const startShim = async () => {
  const settings = { Shim__Broker: broker, Shim__Listen: 'http://127.0.0.1:0' };
  const process_ = spawn(shim, ['serve'], { env: { ...process.env, ...settings }, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: process_.stdout })) {
    const address = /Now listening on: (http:[^"\s]+)/.exec(line);
    if (address) {
      process_.stdout.resume();
      return [process_, address[1]];
    }
  }
  throw new Error('The shim ended before it listened.');
};

const conformance = async (...options) => {
  const suite = spawn('conformance', options);
  let output = '';
  for (const stream of [suite.stdout, suite.stderr]) stream.setEncoding('utf8').on('data', text => (output += text));
  const [code] = await once(suite, 'close');
  return { code, output: output.replaceAll(/\x1b\[\d*m/g, '') };
};

/** The entries below a heading, up to the next empty line. */
const entries = (output, heading) => {
  const lines = output.split('\n');
  const start = lines.findIndex(line => line.startsWith(heading));
  if (start < 0) return [];
  const end = lines.indexOf('', start);
  return lines.slice(start + 1, end < 0 ? undefined : end).filter(line => line.startsWith('  ')).map(line => line.trim().split(' ')[1]);
};

/** The suite also runs extensions and drafts, which decide nothing; they are left out of the count. */
const count = (required, output) => {
  const lines = [...output.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed$/gm)].filter(([, name]) => required.includes(name));
  const missing = required.filter(name => !lines.some(([, ran]) => ran === name));
  const expected = entries(output, 'Expected failures');
  const unexpected = entries(output, 'Unexpected failures');
  const blamed = [...expected, ...unexpected].map(entry => entry.split(':')[0]);
  return {
    passed: lines.reduce((sum, [, , passed]) => sum + Number(passed), 0),
    failed: missing.length + unexpected.length + entries(output, 'Stale baseline entries').length,
    expected: expected.length,
    whole: required.filter(name => !missing.includes(name) && !blamed.includes(name)),
    missing,
  };
};

const results = mkdtempSync(join(tmpdir(), 'conformance-'));
const [shimProcess, url] = await startShim();
try {
  const required = entries((await conformance('list', '--requirements', revision)).output, 'Server scenarios');
  const { code, output } = await conformance(
    'server', '--url', `${url}/mcp`, '--requirements', revision, '--expected-failures', join(import.meta.dirname, `${revision}.yaml`), '-o', results);
  // In other words than the one line that gives the total of everything.
  const summary = output.slice(Math.max(0, output.indexOf('=== SUMMARY ===')));
  console.log(summary.replaceAll(/(\d+) passed, (\d+) failed/g, '$1 good, $2 bad'));
  const { passed, failed, expected, whole, missing } = count(required, output);
  console.log(`Of ${required.length} required scenarios ${whole.length} hold whole: ${whole.join(' ')}`);
  if (missing.length > 0) console.log(`Did not run: ${missing.join(' ')}`);
  console.log(`Checks: ${passed} good, ${expected} expected to fail for want of a fixture or a session, ${failed} bad.`);
  appendFileSync(process.env.COUNTS ?? '/dev/stdout', `${passed} ${failed}\n`);
  process.exitCode = code;
} finally {
  shimProcess.kill();
  rmSync(results, { recursive: true });
}
