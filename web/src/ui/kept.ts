/** What this browser keeps between visits, under one prefix. Where storage is closed, nothing is kept and nothing breaks. */
export const kept = {
  read(name: string): string | undefined {
    try {
      return localStorage.getItem(`taskflow:${name}`) ?? undefined;
    } catch {
      return undefined;
    }
  },
  write(name: string, value: string | undefined): void {
    try {
      if (value === undefined) localStorage.removeItem(`taskflow:${name}`);
      else localStorage.setItem(`taskflow:${name}`, value);
    } catch {
      // Then it is kept until the page goes.
    }
  },
};
