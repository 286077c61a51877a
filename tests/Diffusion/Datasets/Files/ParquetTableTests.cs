using Sweep.Diffusion.Datasets.Files;
using Sweep.Diffusion.Kinds;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets.Files;

/// <summary>Files of another writer (Data/parquet_files.mjs): 10 rows in groups of 4, packed by Snappy and by zstd.</summary>
public sealed class ParquetTableTests : IDisposable
{
    private static readonly string[] Numbers = ["real", "single", "whole", "small", "flag"];

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("arrow.parquet")]
    [InlineData("arrow-zstd.parquet")]
    public void Read_OfNumbersAndFlags_HasThem(string name)
    {
        NumericTable table = Read(name, new TableOptions { Columns = Numbers });

        Assert.Equal(Numbers, table.Columns);
        Assert.Equal(Enumerable.Range(0, 10).SelectMany(i => new[] { i / 4.0, i / 2.0, 1000.0 * i, i, i % 2 == 0 ? 1 : 0 }), table.Values);
    }

    [Fact]
    public void Read_WhenANullIsDropped_LeavesItsRowOut()
    {
        NumericTable table = Read("arrow.parquet", new TableOptions { Columns = ["gap", "real"], DropMissing = true });

        Assert.Equal(1, table.DroppedRows);
        Assert.Equal([2.5, 0.5, 4.5, 1], table.Values[4..8]);
    }

    [Fact]
    public void Read_WhenAValueIsNull_NamesIt() =>
        Assert.EndsWith("arrow.parquet: row 3, column gap: NaN; allowed: a finite number (missing: drop leaves such rows out)",
            Error(new TableOptions { Columns = ["gap"] }));

    [Fact]
    public void Read_WhenAColumnIsText_SaysHowToLeaveItOut()
    {
        Assert.EndsWith("arrow.parquet: column text: text; allowed: numbers and flags (leave a column out with columns: [...] or except: [text])",
            Error(new TableOptions { DropMissing = true }));
        Assert.Equal(6, Read("arrow.parquet", new TableOptions { Except = ["text"], DropMissing = true }).Columns.Count);
    }

    [Fact]
    public void Read_OfAnyDamage_EitherReadsOrSaysThatItCant()
    {
        byte[] whole = File.ReadAllBytes(DataFolder.Sample("arrow.parquet"));
        for (int at = 4; at < whole.Length; at += 61)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x55;
            string path = _folder.Write("x.parquet", damaged);
            if (Record.Exception(() => TableFile.Read(path, new TableOptions { Columns = Numbers })) is { } error)
                Assert.IsType<KindException>(error);
        }

        Assert.StartsWith("x.parquet: a Parquet file that can't be read", _folder.Error("x.parquet", whole[..2000]), StringComparison.Ordinal);
    }

    private static NumericTable Read(string name, TableOptions options) => TableFile.Read(DataFolder.Sample(name), options);

    private static string Error(TableOptions options) => Assert.Throws<KindException>(() => Read("arrow.parquet", options)).Message;
}
