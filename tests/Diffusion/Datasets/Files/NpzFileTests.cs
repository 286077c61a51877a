using System.IO.Compression;
using Sweep.Diffusion.Datasets.Files;
using Sweep.Diffusion.Kinds;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets.Files;

public sealed class NpzFileTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhenThereIsOneArray_TakesItAndSaysSo() =>
        Assert.Equal(["array train"], TableFile.Read(DataFolder.Sample("one.npz"), TableOptions.Default).Guesses);

    [Theory]
    [InlineData("train", 0)]
    [InlineData("test", 100)]
    public void Read_WithAKey_TakesThatArray(string key, double first)
    {
        NumericTable table = TableFile.Read(DataFolder.Sample("two.npz"), new TableOptions { Key = key });

        Assert.Equal(first, table.Values[0]);
        Assert.Empty(table.Guesses);
    }

    [Fact]
    public void Read_WhenThereAreSeveralAndNoKey_NamesThem() =>
        Assert.EndsWith(
            "two.npz: an .npz of 2 arrays and no key; allowed: key: one of train, test",
            Assert.Throws<KindException>(() => TableFile.Read(DataFolder.Sample("two.npz"), TableOptions.Default)).Message);

    [Fact]
    public void Read_WhenTheKeyIsUnknown_NamesThoseThereAre() =>
        Assert.EndsWith(
            "two.npz has none; allowed: train, test",
            Assert.Throws<KindException>(() => TableFile.Read(DataFolder.Sample("two.npz"), new TableOptions { Key = "x" })).Message);

    [Fact]
    public void Read_OfAnotherArchive_SaysWhatItIs()
    {
        Assert.Equal("x.npz: a zip archive without an .npy file; allowed: NumPy's .npz", _folder.Error("x.npz", Zip("a.txt")));
        Assert.Equal("x.xlsx: an Excel workbook; allowed: the sheet saved as CSV", _folder.Error("x.xlsx", Zip("[Content_Types].xml")));
        Assert.StartsWith("x.npz: an .npz that can't be read", _folder.Error("x.npz", Zip("a.npy")[..40]), StringComparison.Ordinal);
    }

    /// <summary>.NET's reader of archives leaves the checksum alone.</summary>
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Read_WhenABitOfTheNumbersIsFlipped_IsRefusedOrTheSame(CompressionLevel level)
    {
        byte[] text = [.. "{'descr': '<f8', 'fortran_order': False, 'shape': (20, 2), }\n"u8];
        byte[] numbers = [.. Enumerable.Range(0, 40).SelectMany(i => BitConverter.GetBytes(Math.Sin(i)))];
        byte[] whole = Zip(level, "a.npy", [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. numbers]);
        double[] expected = _folder.Read("x.npz", whole).Values;
        int refused = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= 4;
            try
            {
                Assert.Equal(expected, _folder.Read("x.npz", flipped).Values);
            }
            catch (KindException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, numbers.Length / 2, whole.Length);
    }

    /// <summary>A small archive whose array promises 8 GB.</summary>
    [Fact]
    public void Read_WhenTheArrayPromisesMoreThanTheArchiveCanHold_RefusesIt()
    {
        byte[] text = [.. "{'descr': '<f8', 'fortran_order': False, 'shape': (999999999, 1), }\n"u8];

        Assert.StartsWith(
            "x.npz, array a: 7999999992 bytes of data promised by ",
            _folder.Error("x.npz", Zip("a.npy", [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text])),
            StringComparison.Ordinal);
    }

    private static byte[] Zip(string name, params byte[] content) => Zip(CompressionLevel.Optimal, name, content);

    private static byte[] Zip(CompressionLevel level, string name, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = archive.CreateEntry(name, level).Open())
            entry.Write(content);
        return stream.ToArray();
    }
}
