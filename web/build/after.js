// Puts a .br and a .gz beside each text file, as small as they get, and prints what a first visit loads.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const out = new URL("../../src/taskflow/static/", import.meta.url);
const TEXT = /\.(html|js|css|svg|json|webmanifest|txt)$/;
const SMALLEST = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
const kb = (bytes) => `${(bytes / 1024).toFixed(1).padStart(7)} KB`;

for (const name of readdirSync(out, { recursive: true }).sort()) {
    const file = new URL(name, out);
    if (!TEXT.test(name) || !statSync(file).isFile()) continue;
    const whole = readFileSync(file);
    const small = brotliCompressSync(whole, SMALLEST);
    writeFileSync(new URL(`${name}.br`, out), small);
    writeFileSync(new URL(`${name}.gz`, out), gzipSync(whole, { level: 9 }));
    console.log(`${kb(whole.length)} ${kb(small.length)} brotli  ${name}`);
}
