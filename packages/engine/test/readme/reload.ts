import { checkScript, createApp } from '@lichen/engine'

const script = `Sales: LOAD *, Price * Pieces AS Amount INLINE [
Shop, Price, Pieces
Oslo, 4, 2
Rome, 5, 3
];`
checkScript({ name: 'script', text: 'LOAD a FORM b;' }) // one mistake, at FORM
const app = await createApp({ script })

const report = app.reloadReport
report?.statements // [{ line: 1, text: 'Sales: LOAD *, …', rows: 2, milliseconds: …, bytes: 0 }]
report?.lineage.find(({ field }) => field === 'Amount')?.from // INLINE Price, INLINE Pieces

await app.reload(`${script}
ADD CONCATENATE (Sales) LOAD * INLINE [
Shop, Amount
Oslo, 9
];`)
const total = app.evaluate('Sum(Amount)').number // 32

export { app, report, total }
