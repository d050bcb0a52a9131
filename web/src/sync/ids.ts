const hex = (of: number[]) => of.map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Ids made in one millisecond count up, so that the order of ids is the order in which they were made.
const MOST = 0xfff;
let last = 0;
let count = 0;

/** A UUIDv7 (RFC 9562), made here, so that a create sent twice is one. Works over plain HTTP, where crypto.randomUUID does not. */
export function newId(): string {
  tick(Date.now());
  const time = last.toString(16).padStart(12, "0");
  const [variant = 0, ...rest] = crypto.getRandomValues(new Uint8Array(8));
  const [a, b] = [0x7000 | count, hex([0x80 | (variant & 0x3f), rest[0] ?? 0])];
  return `${time.slice(0, 8)}-${time.slice(8)}-${a.toString(16)}-${b}-${hex(rest.slice(1))}`;
}

function tick(now: number): void {
  if (now > last) [last, count] = [now, 0];
  else if (count < MOST) count++;
  else [last, count] = [last + 1, 0];
}
