import { openStore } from "../src/sync/indexeddb";
import { tabs } from "../src/sync/leader";

Object.assign(globalThis, { openStore, tabs });
