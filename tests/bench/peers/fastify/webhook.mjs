// What both servers share: one process a core, the verified and parsed delivery, the answer once it is durable.
import cluster from 'node:cluster';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import Fastify from 'fastify';

const secret = process.env.SECRET;

function verified(body, header) {
  const wanted = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(header ?? '', 'base64');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** `open(processes)` connects one process to its store and returns `store(delivery)`, which resolves when it is durable. */
export async function serve(open) {
  const processes = availableParallelism();
  if (cluster.isPrimary) {
    for (let i = 0; i < processes; i++) cluster.fork();
    cluster.on('exit', () => process.exit(1));
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
    return;
  }
  const store = await open(processes);
  const app = Fastify({ logger: false, bodyLimit: 1024 * 1024, keepAliveTimeout: 60_000 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body));
  app.post('/webhooks/:shop/shopify', async (request, reply) => {
    const { headers, body } = request;
    if (!verified(body, headers['x-shopify-hmac-sha256'])) return reply.code(401).send();
    let checkout;
    try {
      checkout = JSON.parse(body);
    } catch {
      return reply.code(400).send();
    }
    const id = headers['x-shopify-webhook-id'];
    if (!id || !checkout.cart_token || !Array.isArray(checkout.line_items)) return reply.code(400).send();
    await store({ id, shop: request.params.shop, topic: headers['x-shopify-topic'], cart_token: checkout.cart_token, body });
    return reply.code(200).send();
  });
  await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT), backlog: 4096 });
}
