import { createStore } from "solid-js/store";
import { kept } from "../../ui/kept";
import { ownName } from "../sessions/session";

interface Draft {
  title: string;
  due: string | null;
  priority: number;
}

const EMPTY: Draft = { title: "", due: null, priority: 0 };

/** What is being typed in Add: kept when it is closed, and when the page goes. */
const [draft, set] = createStore<Draft>({ ...EMPTY });
export { draft };

export const readDraft = (): void =>
  set({ ...EMPTY, ...(JSON.parse(kept.read(ownName("draft")) ?? "{}") as Partial<Draft>) });

export function setDraft(fields: Partial<Draft>): void {
  set(fields);
  kept.write(ownName("draft"), draft.title ? JSON.stringify(draft) : undefined);
}

export const clearDraft = (): void => setDraft(EMPTY);
