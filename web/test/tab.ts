import { createEngine } from "../src/sync/engine";
import { forget, openStore } from "../src/sync/indexeddb";
import { tabs, Talk } from "../src/sync/leader";

Object.assign(globalThis, { createEngine, forget, openStore, tabs, Talk });
