// Providers that write down every request the moment they have it, and answer a little later, so that a kill falls between. Neither
// knows idempotency keys: what comes twice is sent twice.

import { createServer } from 'node:http';
import { once } from 'node:events';

import { client } from './harness.mjs';
import { pause } from './load.mjs';

/** What came, in order: { message, to, at, answered }. `delay` says how many ms the next answer takes. */
class Provider {
  constructor(delay) {
    this.delay = delay;
    this.requests = [];
    this.silent = false;   // takes everything, answers nothing
  }

  async take(request) {
    const entry = { ...request, at: performance.timeOrigin + performance.now(), answered: false };
    this.requests.push(entry);
    await (this.silent ? new Promise(() => {}) : pause(this.delay()));
    entry.answered = true;
    return entry;
  }
}

/** As Twilio's Messages.json; the message is named in the address for its status. */
export class SmsProvider extends Provider {
  static async start(delay = () => 0) {
    const provider = new SmsProvider(delay);
    provider.server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => { body += part; });
      request.on('end', async () => {
        const form = new URLSearchParams(body);
        await provider.take({ message: new URL(form.get('StatusCallback')).searchParams.get('message'), to: form.get('To') });
        response.writeHead(201, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ sid: `SM${provider.requests.length}`, status: 'queued' }));
      });
    });
    provider.server.listen(0, '127.0.0.1');
    await once(provider.server, 'listening');
    provider.env = {
      RECOUP_CHANNEL__SMS: 'twilio', RECOUP_TWILIO__ACCOUNT_SID: 'AC00000000000000000000000000000001',
      RECOUP_TWILIO__AUTH_TOKEN: 'twilio-auth-token', RECOUP_TWILIO__BASE_URL: `http://127.0.0.1:${provider.server.address().port}`,
    };
    return provider;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** A mail relay: it has a mail when the last line of its data came. */
export class MailProvider extends Provider {
  static async start(delay = () => 0) {
    const provider = new MailProvider(delay);
    const { SMTPServer } = client('smtp-server');
    provider.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onData(stream, session, done) {
        let head = '';
        stream.on('data', (part) => { head += part; });
        stream.on('end', async () => {
          if (stream.sizeExceeded || !/\r\n\r\n/.test(head)) return done(new Error('no mail'));
          const message = /^X-Entity-Ref-ID: (\S+)/im.exec(head)[1];
          await provider.take({ message, to: session.envelope.rcptTo[0].address });
          done();
        });
      },
    });
    provider.server.on('error', () => {});   // broken connections are what the tests make
    provider.server.listen(0, '127.0.0.1');
    await once(provider.server.server, 'listening');
    provider.env = {
      RECOUP_CHANNEL__EMAIL: 'smtp', RECOUP_SMTP__HOST: '127.0.0.1', RECOUP_SMTP__SECURITY: 'none',
      RECOUP_SMTP__PORT: String(provider.server.server.address().port),
    };
    return provider;
  }

  stop() {
    this.server.close();
  }
}
