const bytes = (n: number) => [...crypto.getRandomValues(new Uint8Array(n))];
const hex = (of: number[]) => of.map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A UUIDv7 (RFC 9562), made here, so that a create sent twice is one. Works where crypto.randomUUID does not: over plain HTTP. */
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  const [a = 0, b = 0, c = 0, d = 0, ...rest] = bytes(10);
  const version = hex([0x70 | (a & 0x0f), b]);
  const variant = hex([0x80 | (c & 0x3f), d]);
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${hex(rest)}`;
}
