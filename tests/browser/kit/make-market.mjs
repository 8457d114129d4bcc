// Makes a demonstration market in the folder named, once for all journeys: each then opens a copy of its own.
import { mkdir } from 'node:fs/promises';
import { openMarket } from './market.mjs';

const [dir] = process.argv.slice(2);
await mkdir(dir, { recursive: true });
const market = await openMarket(dir);
await market.leave();
