// Child processes of a bench: started, waited for, and ended by their id when the bench ends, however it ends.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/** Output goes to the file `log`; the command runs on core `cpu` when one is given. */
export function start(command, args, { log, cpu, ...options } = {}) {
  const out = log ? openSync(log, 'a') : 'ignore';
  const line = cpu === undefined ? [command, ...args] : ['taskset', '-c', String(cpu), command, ...args];
  const child = spawn(line[0], line.slice(1), { stdio: ['ignore', out, out], ...options });
  child.log = log;
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', (failure) => { throw new Error(`cannot start ${command}: ${failure.message}`); });
  return child;
}

export async function stop(child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const limit = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(limit);
}

/** Runs to its end and returns what it printed. Throws with its words when it fails. */
export function run(command, args, options = {}) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 1 << 28, ...options });
  } catch (failure) {
    if (failure.code === 'ENOENT') throw new Error(`${command} is missing`);
    throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed:\n${failure.stderr ?? failure.message}`);
  }
}

/** As run(), without holding up the event loop. */
export async function run_beside(command, args, { cpu } = {}) {
  const line = cpu === undefined ? [command, ...args] : ['taskset', '-c', String(cpu), command, ...args];
  const child = spawn(line[0], line.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  let stdout = '';
  child.stdout.on('data', (bytes) => { stdout += bytes; });
  const [code] = await once(child, 'close');
  running.delete(child);
  return { code, stdout };
}

const ticks_a_second = 100;   // USER_HZ of Linux

/** What a process, its living children and those that ended have used so far. */
export function cpu_seconds(pid) {
  let fields, children;
  try {
    fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ').slice(11, 15).map(Number);
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  } catch {
    return 0;   // ended meanwhile: its parent counts it
  }
  return fields.reduce((sum, ticks) => sum + ticks, 0) / ticks_a_second + children.reduce((sum, child) => sum + cpu_seconds(child), 0);
}

export async function free_port() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
}

export async function until_listening(child, port, seconds = 30) {
  for (let tries = 0; tries < seconds * 20; tries++) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if (await answers(port)) return;
    await sleep(50);
  }
  const words = child.log ? readFileSync(child.log, 'utf8').slice(-2000) : '';
  throw new Error(`${child.spawnargs.slice(0, 3).join(' ')} does not listen on port ${port}\n${words}`);
}
