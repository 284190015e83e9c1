// The durable stores everybody writes to: one private Postgres and one private Apache Kafka for the whole bench.

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { free_port, run, start, stop, until_listening } from './processes.mjs';

/** The same for all contenders. Nothing here makes a commit less durable. */
const settings = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on', 'shared_buffers=256MB', 'max_wal_size=4GB',
  'checkpoint_timeout=30min', 'jit=off', 'max_connections=100', 'listen_addresses='];

export function scratch_folder() {
  const folder = mkdtempSync(join(tmpdir(), 'recoup-bench-'));
  chmodSync(folder, 0o711);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function postgres_binaries() {
  const all = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort((a, b) => b - a) : [];
  const found = all.map((version) => `/usr/lib/postgresql/${version}/bin`).find((path) => existsSync(`${path}/initdb`));
  if (!found) throw new Error('no Postgres server is installed; run: apt-get install postgresql');
  return found;
}

/** Postgres refuses root. */
function unprivileged() {
  if (process.getuid() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    try {
      return { uid: Number(run('id', ['-u', user])), gid: Number(run('id', ['-g', user])) };
    } catch { /* the next one */ }
  }
  throw new Error('there is neither a user postgres nor nobody to run Postgres as');
}

export class Postgres {
  static async start(folder, { cpu, more = [] } = {}) {
    const postgres = new Postgres();
    postgres.bin = postgres_binaries();
    postgres.host = join(folder, 'pg');
    const user = unprivileged();
    mkdirSync(postgres.host);
    if (user.uid !== undefined) run('chown', [`${user.uid}:${user.gid}`, postgres.host]);
    const data = join(postgres.host, 'data');
    const initdb = ['-D', data, '-U', 'bench', '-E', 'UTF8', '--locale=C', '-A', 'trust'];
    run(`${postgres.bin}/initdb`, initdb, { ...user, cwd: '/' });
    const args = ['-D', data, ...[...settings, ...more, `unix_socket_directories=${postgres.host}`].flatMap((one) => ['-c', one])];
    postgres.process = start(`${postgres.bin}/postgres`, args, { ...user, cwd: '/', cpu });
    postgres.pid = postgres.process.pid;
    for (let tries = 0; !existsSync(join(postgres.host, '.s.PGSQL.5432')) || !postgres.ready(); tries++) {
      if (tries > 100 || postgres.process.exitCode !== null) throw new Error('the private Postgres does not start');
      run('sleep', ['0.1']);
    }
    return postgres;
  }

  ready() {
    try {
      return this.sql('postgres', 'select 1').trim() === '1';
    } catch {
      return false;
    }
  }

  sql(database, text) {
    const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', this.host, '-U', 'bench', '-d', database];
    return run(`${this.bin}/psql`, args, { input: text, cwd: '/' });
  }

  /** For asking again and again: a process of the server for each question would count among what is measured. */
  session(database) {
    const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', this.host, '-U', 'bench', '-d', database];
    const client = spawn(`${this.bin}/psql`, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/' });
    const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
    return {
      ask: async (text) => {
        client.stdin.write(`${text};\n`);
        return (await lines.next()).value;
      },
      end: () => client.stdin.end(),
    };
  }

  create(database) {
    this.sql('postgres', `create database ${database}`);
    return database;
  }

  /** Also takes the disk's and the checkpointer's work out of the next contender's time. */
  drop(database) {
    this.sql('postgres', `drop database ${database} with (force);\ncheckpoint;`);
  }

  url(database) {
    return `host=${this.host} user=bench dbname=${database}`;
  }

  environment(database) {
    return { PGHOST: this.host, PGUSER: 'bench', PGDATABASE: database };
  }

  stop() {
    return stop(this.process, 'SIGINT');
  }
}

export class Kafka {
  static async start(root, folder) {
    const script = join(root, 'scripts/lib/kafka');
    run(script, ['install']);
    const kafka = new Kafka();
    const port = await free_port();
    kafka.brokers = `127.0.0.1:${port}`;
    kafka.root = root;
    kafka.process = start(script, ['start', join(folder, 'kafka'), String(port), String(await free_port())],
      { log: join(folder, 'kafka.log') });
    await until_listening(kafka.process, port);
    kafka.pid = kafka.process.pid;
    return kafka;
  }

  create(topic, partitions = 12) {
    run(join(this.root, 'build/release/tests/bench_kafka_topic'), [this.brokers, topic, String(partitions)]);
    return topic;
  }

  stop() {
    return stop(this.process);
  }
}
