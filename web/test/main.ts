import { history } from "./histories";
import { collector, single, team } from "./server";
import { Tally } from "./tally";

const SHARED = 10; // histories of one account: registering costs more than one of them
const AT_ONCE = 4;

const tally = new Tally();
const tell = console.error;
console.error = (error: unknown) => {
  throw error; // what the engine only complains about is a fault here
};

/** Runs histories number `first` to `first + count - 1` against a server. */
async function run(url: string, first: number, count: number): Promise<void> {
  const seeds = Array.from({ length: Math.ceil(count / SHARED) }, (_, nth) => first + nth * SHARED);
  const work = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const world = await worldOf(seed / SHARED)(url);
      for (let nth = seed; nth < Math.min(seed + SHARED, first + count); nth++)
        await told(nth, history(world, nth, tally));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Every other is a team's; in some there is much. */
const worldOf = (nth: number) => (nth % 2 ? team : nth % 20 ? single : collector);

async function told(seed: number, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    tell(`history ${seed}:`, error);
    throw error;
  }
}

const [url, first, count] = process.argv.slice(2);
run(url!, Number(first), Number(count)).then(
  () => console.log(`${count} histories\n${tally}`),
  () => process.exit(1),
);
