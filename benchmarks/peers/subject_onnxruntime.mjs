// ONNX Runtime as a subject of run.py: node subject_onnxruntime.mjs MODULES PROVIDER MODEL.onnx BATCH INPUT OUTPUT THREADS.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';

const [modules, provider, model, batchText, input, output, threads] = process.argv.slice(2);
const batch = Number(batchText);
const say = what => console.log(JSON.stringify(what));
const require = createRequire(path.join(path.resolve(modules), 'x.js'));
let ort, session;
try {
  ort = require('onnxruntime-node');
  session = await ort.InferenceSession.create(model, {
    executionProviders: [provider], intraOpNumThreads: Number(threads), extra: { session: { intra_op: { allow_spinning: '1' } } } });
} catch (e) {
  say({ missing: String(e.message).split('\n')[0] });
  process.exit(0);
}
const bytes = readFileSync(input);
const x = new Float32Array(bytes.buffer, bytes.byteOffset, batch * 3 * 224 * 224);
const run = () => session.run({ data: new ort.Tensor('float32', x, [batch, 3, 224, 224]) });
const first = await run();
writeFileSync(output, Buffer.from(first.logits.data.buffer, first.logits.data.byteOffset, first.logits.data.byteLength));
say({ version: `ONNX Runtime ${require('onnxruntime-node/package.json').version}`, where: provider === 'cpu' ? `CPU, ${threads} threads` : provider });
for await (const line of createInterface({ input: process.stdin })) {
  const ms = [];
  for (let i = 0; i < Number(line); i++) {
    const start = performance.now();
    await run();
    ms.push(performance.now() - start);
  }
  say({ ms });
}
