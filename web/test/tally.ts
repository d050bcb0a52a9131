/** How often what has happened: a campaign in which something never did would prove little of it. */
export class Tally {
  private readonly counts = new Map<string, number>();

  count(what: string, times = 1): void {
    if (!times) return;
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  toString(): string {
    const sorted = [...this.counts].sort(([one], [other]) => (one < other ? -1 : 1));
    return JSON.stringify(Object.fromEntries(sorted));
  }
}
