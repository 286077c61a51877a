// Writes arrow.parquet: npm i parquet-wasm@0.8.0 apache-arrow@21; node parquet_files.mjs (the Parquet writer of arrow-rs, which polars shares).
import { tableToIPC, vectorFromArray, Float64, Float32, Int64, Bool, Utf8, Uint8, Table } from 'apache-arrow'
import { Compression, Table as WasmTable, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm/node'
import { writeFileSync } from 'node:fs'

const rows = Array.from({ length: 10 }, (_, i) => i)
const table = new Table({
  real: vectorFromArray(rows.map((i) => i / 4), new Float64()),
  single: vectorFromArray(rows.map((i) => i / 2), new Float32()),
  whole: vectorFromArray(rows.map((i) => BigInt(i * 1000)), new Int64()),
  small: vectorFromArray(rows, new Uint8()),
  flag: vectorFromArray(rows.map((i) => i % 2 === 0), new Bool()),
  gap: vectorFromArray(rows.map((i) => (i === 3 ? null : i + 0.5)), new Float64()),
  text: vectorFromArray(rows.map((i) => `row ${i}`), new Utf8()),
})
for (const [name, compression] of [['arrow', Compression.SNAPPY], ['arrow-zstd', Compression.ZSTD]]) {
  const properties = new WriterPropertiesBuilder().setCompression(compression).setMaxRowGroupSize(4).build()
  writeFileSync(`${name}.parquet`, writeParquet(WasmTable.fromIPCStream(tableToIPC(table, 'stream')), properties))
}
