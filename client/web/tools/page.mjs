// usage: node tools/page.mjs REPORT.json INDEX.html: the page that the client would write, for looking at the built bundle.
import { readFileSync, writeFileSync } from 'node:fs';

const [report, out] = process.argv.slice(2);
if (!report || !out) throw new Error('usage: node tools/page.mjs REPORT.json INDEX.html');
const here = (name) => readFileSync(new URL(`../dist/${name}`, import.meta.url), 'utf8');
const json = readFileSync(report, 'utf8').replace(/</g, '\\u003c');
writeFileSync(out, `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src "
  + "data: blob:"><title></title>
<style>${here('report.css')}</style></head><body><script type="application/json" id="report">${json}</script><script>${here('report.js')}</script></body></html>
`);
