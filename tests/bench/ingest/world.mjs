// What a bench needs around the contenders.

import { availableParallelism } from 'node:os';
import { Kafka, Postgres, scratch_folder } from './stores.mjs';

export class World {
  /** `apart`: the contender has one core for itself, everything else the other one. */
  static async start(root, chosen, { apart = false } = {}) {
    const world = new World();
    world.root = root;
    world.folder = scratch_folder();
    world.count = 0;
    if (apart) {
      if (availableParallelism() < 2) throw new Error('this needs two cores: one for the contender alone');
      Object.assign(world, { contender_cpu: 0, other_cpu: 1 });
    }
    const ours = chosen.some(({ name }) => name.startsWith('recoup'));
    const needs = (kind) => chosen.some(({ mode }) => mode === kind);
    if (ours || needs('postgres')) world.postgres = await Postgres.start(world.folder, { cpu: world.other_cpu });
    if (needs('kafka')) world.kafka = await Kafka.start(root, world.folder);
    return world;
  }

  next() {
    return ++this.count;
  }

  async stop() {
    await this.postgres?.stop();
    await this.kafka?.stop();
  }
}
