// A real SMTP server. Prints {"port": n}, then one JSON object for each mail, as mailparser reads it. Ends with its stdin.
//   node smtp_sink.mjs [--user NAME --password SECRET] [--no-tls] [--reply "550 5.1.1 no such user"]
import { SMTPServer } from 'smtp-server';
import { simpleParser } from 'mailparser';

const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const print = (value) => process.stdout.write(JSON.stringify(value) + '\n');
const user = option('--user');
const reply = option('--reply');

const server = new SMTPServer({
  authOptional: user === undefined,
  allowInsecureAuth: true,
  disabledCommands: process.argv.includes('--no-tls') ? ['STARTTLS'] : [],
  onAuth(auth, session, done) {
    const good = auth.username === user && auth.password === option('--password');
    done(good ? null : new Error('wrong user or password'), { user });
  },
  onRcptTo(address, session, done) {
    if (!reply) return done();
    const refusal = new Error(reply.slice(4));
    refusal.responseCode = Number(reply.slice(0, 3));
    done(refusal);
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', async () => {
      const raw = Buffer.concat(chunks);
      const mail = await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true });
      print({
        envelope: { from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((r) => r.address) },
        secure: session.secure,
        raw_longest_line: Math.max(...raw.toString('latin1').split('\r\n').map((line) => line.length)),
        bare_line_feeds: /[^\r]\n/.test(raw.toString('latin1')),
        from: mail.from?.value, to: mail.to?.value, reply_to: mail.replyTo?.value,
        subject: mail.subject, text: mail.text, html: mail.html, date: mail.date, message_id: mail.messageId,
        headers: mail.headerLines.map(({ key, line }) => ({ key, line })),
        content_type: mail.headers.get('content-type')?.value,
      });
      done();
    });
  },
});
server.on('error', () => {});
server.listen(0, '127.0.0.1', () => print({ port: server.server.address().port }));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
