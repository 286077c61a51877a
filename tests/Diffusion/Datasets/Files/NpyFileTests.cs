using System.Text;
using Sweep.Diffusion.Datasets.Files;
using Sweep.Diffusion.Kinds;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets.Files;

/// <summary>Files as NumPy saved them (Data/numpy_files.py), and bytes written by hand.</summary>
public sealed class NpyFileTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Each holds (3 i + j) / 4, or 4 times it, in row i and column j.</summary>
    [Theory]
    [InlineData("c-order.npy", 0.25)]
    [InlineData("fortran.npy", 0.25)]
    [InlineData("half.npy", 0.25)]
    [InlineData("single.npy", 0.25)]
    [InlineData("big-endian.npy", 0.25)]
    [InlineData("big-endian-half.npy", 0.25)]
    [InlineData("big-endian-int.npy", 1)]
    [InlineData("int8.npy", 1)]
    [InlineData("uint16.npy", 1)]
    [InlineData("int64.npy", 1)]
    [InlineData("v2.npy", 0.25)]
    [InlineData("v3.npy", 0.25)]
    [InlineData("one.npz", 0.25)]
    public void Read_OfWhatNumPySaved_HasItsNumbers(string name, double unit)
    {
        NumericTable table = Sample(name);

        Assert.Equal(["0", "1", "2"], table.Columns);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => i * unit), table.Values);
        Assert.Null(table.Image);
    }

    /// <summary>A hostile one: digits can be divided into numbers in very many ways.</summary>
    [Fact]
    public void Read_WhenTheShapeIsALongRowOfDigits_RefusesItAtOnce()
    {
        byte[] text = [.. "{'descr': '<f8', 'fortran_order': False, 'shape': ("u8, .. Enumerable.Repeat((byte)'1', 2000), .. "x), }\n"u8];

        string error = _folder.Error("x.npy", [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text]);

        Assert.StartsWith("x.npy: shape {'descr': '<f8'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfFlags_HasZerosAndOnes() => Assert.Equal(Enumerable.Range(0, 30).Select(i => i % 4 == 0 ? 1.0 : 0.0), Sample("bool.npy").Values);

    [Fact]
    public void Read_OfOneAxis_IsOneColumn()
    {
        NumericTable table = Sample("one-d.npy");

        Assert.Equal(["0"], table.Columns);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => 0.75 * i), table.Values);
    }

    [Theory]
    [InlineData("images.npy", 16, 4, 4)]
    [InlineData("images-fortran.npy", 16, 4, 4)]
    [InlineData("images-channel.npy", 16, 4, 4)]
    [InlineData("images-wide.npy", 6, 2, 3)]
    public void Read_OfImages_FlattensThemRowByRow(string name, int pixels, int height, int width)
    {
        NumericTable table = Sample(name);

        Assert.Equal(Enumerable.Range(0, 10 * pixels).Select(i => i / 4.0), table.Values);
        Assert.Equal((height, width), table.Image);
    }

    [Fact]
    public void Read_OfSomePixels_IsNoImage()
    {
        NumericTable table = TableFile.Read(DataFolder.Sample("images.npy"), new TableOptions { Columns = ["5", "2"] });

        Assert.Equal([1.25, 0.5, 5.25, 4.5], table.Values[..4]);
        Assert.Null(table.Image);
    }

    [Theory]
    [InlineData("images-fortran.npy", 5)]
    [InlineData("images.npy", 5)]
    public void Read_OfOnePixel_TakesItByItsPlaceInTheImage(string name, int pixel) =>
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => ((16 * i) + pixel) / 4.0),
            TableFile.Read(DataFolder.Sample(name), new TableOptions { Columns = [$"{pixel}"] }).Values);

    [Fact]
    public void Read_OfGzip_UnpacksIt() =>
        Assert.Equal(Sample("fortran.npy").Values, _folder.Read("f.npy.gz", DataFolder.Gzip(File.ReadAllBytes(DataFolder.Sample("fortran.npy")))).Values);

    [Fact]
    public void Read_WhenItIsCalledCsv_GoesByItsBytes() =>
        Assert.Equal(Sample("c-order.npy").Values, _folder.Read("renamed.csv", File.ReadAllBytes(DataFolder.Sample("c-order.npy"))).Values);

    [Theory]
    [InlineData("colour.npy", "shape (10, 2, 2, 3); allowed: (rows), (rows, columns) or (rows, height, width), images of one channel")]
    [InlineData("complex.npy", "type <c16; allowed: bool, whole numbers of 1 to 8 bytes, float16, float32, float64")]
    [InlineData("object.npy", "type |O: pickled Python objects, which are never read; allowed: bool, ")]
    [InlineData("structured.npy", "a structured array, with fields of its own; allowed: an array of numbers")]
    public void Read_OfWhatIsNoTable_SaysSo(string name, string message) =>
        Assert.StartsWith($"{DataFolder.Sample(name)}: {message}", Assert.Throws<KindException>(() => Sample(name)).Message, StringComparison.Ordinal);

    /// <summary>128 bytes that promise 999,999,999 columns, or more bytes than there are.</summary>
    [Theory]
    [InlineData("(0, 999999999)", "shape (0, 999999999); allowed: at least 8 rows of at most 1048576 numbers")]
    [InlineData("(999999999, 999)", "0 bytes of data; allowed: 7991999992008 for shape (999999999, 999)")]
    [InlineData("(999999999999999999, 999999999)", "0 bytes of data; allowed: 7999999991999999992000000008 for shape (999999999999999999, 999999999)")]
    [InlineData("()", "shape (); allowed: (rows), (rows, columns) or (rows, height, width)")]
    [InlineData("(9, 0)", "shape (9, 0); allowed: ")]
    public void Read_WhenTheHeaderPromisesTooMuch_RefusesItBeforeAnythingIsAllocated(string shape, string message)
    {
        byte[] bytes = Header(shape);
        Array.Resize(ref bytes, 128);
        Array.Fill(bytes, (byte)' ', Header(shape).Length, 128 - Header(shape).Length);
        bytes[8] = 118;
        long before = GC.GetAllocatedBytesForCurrentThread();

        string error = _folder.Error("x.npy", bytes);

        Assert.StartsWith("x.npy: " + message, error, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Read_WhenPackedBytesPromiseMoreThanTheyCanHold_RefusesThem() =>
        Assert.StartsWith(
            "x.npy.gz: 7999999992 bytes of data promised by ",
            _folder.Error("x.npy.gz", DataFolder.Gzip(Header("(999999999, 1)"))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(7, "cut short")]
    [InlineData(1, "not an .npy file")]
    public void Read_WhenItIsCut_SaysSo(int kept, string message)
    {
        byte[] whole = File.ReadAllBytes(DataFolder.Sample("v2.npy"));

        Assert.Contains(message, _folder.Error("x.npy", kept == 1 ? [.. "text"u8] : whole[..(10 + kept)]), StringComparison.Ordinal);
        Assert.StartsWith("x.npy: 1 bytes of data; allowed: 240 for shape (10, 3)", _folder.Error("x.npy", whole[..129]), StringComparison.Ordinal);
        Assert.StartsWith("x.npy.gz: cut short; allowed: 240 bytes of data", _folder.Error("x.npy.gz", DataFolder.Gzip(whole[..129])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenAValueIsMissing_NamesItOrDropsTheRow()
    {
        byte[] bytes = [.. Header("(9, 2)"), .. Enumerable.Range(0, 18).SelectMany(i => BitConverter.GetBytes(i == 5 ? double.NaN : i))];

        Assert.Equal("x.npy: row 2, column 1: NaN; allowed: a finite number (missing: drop leaves such rows out)", _folder.Error("x.npy", bytes));
        NumericTable table = _folder.Read("x.npy", bytes, new TableOptions { DropMissing = true });
        Assert.Equal(1, table.DroppedRows);
        Assert.Equal([0, 1, 2, 3, 6, 7], table.Values[..6]);
        Assert.Equal(16, table.Values.Length);
    }

    [Fact]
    public void Read_WhenAValueIsInfinite_IsAnErrorEvenWhereMissingOnesAreDropped()
    {
        byte[] bytes = [.. Header("(9, 1)"), .. Enumerable.Range(0, 9).SelectMany(i => BitConverter.GetBytes(i == 5 ? double.PositiveInfinity : i))];

        Assert.StartsWith("x.npy: row 5, column 0: ", _folder.Error("x.npy", bytes, new TableOptions { DropMissing = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenOptionsOfTextAreGiven_SaysThatTheyMeanNothing()
    {
        byte[] bytes = File.ReadAllBytes(DataFolder.Sample("c-order.npy"));

        Assert.StartsWith("delimiter: ;, with a file that is not text", _folder.Error("x.npy", bytes, new TableOptions { Delimiter = ';' }),
            StringComparison.Ordinal);
        Assert.StartsWith("header: false, with a file that is not text", _folder.Error("x.npy", bytes, new TableOptions { Header = false }),
            StringComparison.Ordinal);
        Assert.StartsWith("key: train, with a file that is not an .npz", _folder.Error("x.npy", bytes, new TableOptions { Key = "train" }),
            StringComparison.Ordinal);
    }

    private static NumericTable Sample(string name) => TableFile.Read(DataFolder.Sample(name), TableOptions.Default);

    private static byte[] Header(string shape)
    {
        byte[] text = Encoding.ASCII.GetBytes($"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n");
        return [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)text.Length), .. text];
    }
}
