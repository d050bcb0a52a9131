import { createSignal } from "solid-js";

const [count, setCount] = createSignal(0);
const [online, setOnline] = createSignal(navigator.onLine);

addEventListener("online", () => setOnline(true));
addEventListener("offline", () => setOnline(false));

/** How many changes are on their way. */
export { count as pending, online };

export async function counted<T>(work: Promise<T>): Promise<T> {
  setCount((n) => n + 1);
  try {
    return await work;
  } finally {
    setCount((n) => n - 1);
  }
}
