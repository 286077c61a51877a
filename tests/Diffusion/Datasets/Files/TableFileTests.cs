using System.Text;
using Sweep.Diffusion.Datasets.Files;
using Sweep.Diffusion.Files;
using Sweep.Tests.Diffusion.Files;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets.Files;

public sealed class TableFileTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("28b52ffd0000", "packed by zstd")]
    [InlineData("fd377a585a00", "packed by xz")]
    [InlineData("425a6839", "packed by bzip2")]
    [InlineData("894844460d0a1a0a", "an HDF5 file")]
    [InlineData("8004950000", "a Python pickle, which is never read")]
    public void Read_OfAnotherFormat_NamesIt(string hexadecimal, string name) =>
        Assert.Equal($"x.csv: {name}; allowed: CSV, .npy, .npz or Parquet; CSV and .npy also as .gz",
            _folder.Error("x.csv", Convert.FromHexString(hexadecimal)));

    [Fact]
    public void Read_OfGzipWithinGzip_IsRefused() =>
        Assert.StartsWith("x.csv.gz: packed twice; allowed: ", _folder.Error("x.csv.gz", DataFolder.Gzip(DataFolder.Gzip([.. "x\n1\n"u8]))),
            StringComparison.Ordinal);

    [Fact]
    public void Read_OfGzipThatIsCut_SaysSo()
    {
        byte[] packed = DataFolder.Gzip([.. "x,y\n"u8, .. Enumerable.Range(0, 9999).SelectMany(i => Encoding.ASCII.GetBytes($"{i},{i * i % 977}\n"))]);

        Assert.Equal(19998, _folder.Read("x.csv.gz", packed).Values.Length);
        foreach (int kept in new[] { 9, packed.Length / 2, packed.Length - 8, packed.Length - 3 })
            Assert.StartsWith("x.csv.gz: gzip that is cut short", _folder.Error("x.csv.gz", packed[..kept]), StringComparison.Ordinal);
        byte[] flipped = [.. packed];
        flipped[packed.Length / 2] ^= 4;
        Assert.StartsWith("x.csv.gz: gzip that ", _folder.Error("x.csv.gz", flipped), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.npy")]
    [InlineData("x.npz")]
    [InlineData("x.parquet")]
    [InlineData("x.npy.gz")]
    public void Read_OfTextUnderAnArraysName_SaysThatItIsNone(string name)
    {
        byte[] text = [.. "x\n1\n"u8];

        Assert.StartsWith(
            $"{name}: not an {Path.GetExtension(name.Replace(".gz", string.Empty, StringComparison.Ordinal))} file; allowed: ",
            _folder.Error(name, name.EndsWith(".gz", StringComparison.Ordinal) ? DataFolder.Gzip(text) : text),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAPipe_IsRefusedAtOnce() =>
        Assert.Equal(FileKind.Pipe,
            Assert.Throws<NotRegularFileException>(() => TableFile.Read(RegularFileTests.Pipe(_folder.Folder), TableOptions.Default)).Kind);
}
