// The sandbox that is up, as its ready file (environment variable SANDBOX_READY_FILE) tells.
import { readFileSync } from 'node:fs';

const ready = JSON.parse(readFileSync(process.env.SANDBOX_READY_FILE, 'utf8'));

export const mcpUrl = ready.mcp_url;
export const apiKey = ready.api_key;
export const broker = ready.broker;

/** The program, for whoever starts one of their own. */
export const shim = process.env.SHIM;
