// The highest number seen of each space: sent along, so that no answer is older than what is on the screen.
const seen = new Map<string, number>();

export function readSeqs(headers: Headers): void {
  for (const pair of (headers.get("TaskFlow-Seq") ?? "").split(",")) {
    const [space, seq] = pair.trim().split("=");
    if (space && Number(seq) > (seen.get(space) ?? 0)) seen.set(space, Number(seq));
  }
}

export function seqs(): Record<string, string> {
  return seen.size ? { "TaskFlow-Seq": [...seen].map(([space, seq]) => `${space}=${seq}`).join(", ") } : {};
}

export const forgetSeqs = () => seen.clear();
