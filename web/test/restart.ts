import { Listener } from "./listener";
import { Person } from "./server";

/** Listens while the server goes and comes back, until a task is there that somebody made after that; tells how. */
const [url] = process.argv.slice(2);
const ada = await Person.register(url!);
const device = await new Listener(ada).listen();
console.log(JSON.stringify({ token: ada.token }));
await device.sees(() => device.titles().includes("after"));
const { heard, pauses, after, sockets, isLive } = device;
console.log(JSON.stringify({ heard, pauses, after, sockets, isLive }));
device.stop();
