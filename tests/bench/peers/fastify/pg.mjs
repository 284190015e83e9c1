import pg from 'pg';
import { serve } from './webhook.mjs';

const insert = `insert into delivery (id, shop, topic, cart_token, payload) values ($1, $2, $3, $4, $5)
  on conflict (id) do nothing`;

await serve(async (processes) => {
  const pool = new pg.Pool({ max: Math.ceil(20 / processes) });
  await pool.query('select 1');
  return ({ id, shop, topic, cart_token, body }) =>
    pool.query({ name: 'insert', text: insert, values: [id, shop, topic, cart_token, body.toString()] });
});
