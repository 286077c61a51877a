/**
 * The text of the page's report: as it is in `#report`, or gzipped and in base64 in `#report-packed`.
 * @throws Error when the page has neither, or this browser can't unpack it.
 */
export async function reportText(page: Document): Promise<string> {
  const plain = page.getElementById('report')?.textContent;
  if (plain) return plain;
  const packed = page.getElementById('report-packed')?.textContent;
  if (!packed) throw new Error('the page holds no report; allowed: a script element #report of type application/json, or #report-packed');
  if (typeof DecompressionStream === 'undefined') throw new Error('this browser can\u2019t unpack it; the same in words and tables is in report.md');
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
}
