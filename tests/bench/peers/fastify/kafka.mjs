import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { serve } from './webhook.mjs';

await serve(async () => {
  const kafka = new Kafka({ clientId: 'bench', brokers: process.env.BROKERS.split(','), logLevel: logLevel.ERROR });
  const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return ({ id, topic, cart_token, body }) =>
    producer.send({ topic: process.env.TOPIC, acks: -1, messages: [{ key: cart_token, value: body, headers: { id, topic } }] });
});
