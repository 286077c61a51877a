using System.Text;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class FileDatasetTests : DatasetConformance, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-file-dataset").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override IDataset Create() => Csv(Rows(600));

    [Fact]
    public void Create_OfCsv_ReadsQuotedHeadersCarriageReturnsAndChosenColumnsInOrder()
    {
        FileDataset dataset = Csv("\"a,\"\"x\"\"\",b,c\r\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},text,\"{i + 0.5}\"\r\n\r\n")), """["c", "a,\"x\""]""");

        Assert.Equal(["c", "a,\"x\""], dataset.ColumnNames);
        Assert.Equal(20, dataset.RowCount);
        Assert.All(Training(dataset), row => Assert.Equal(0.5, row[0] - row[1]));
    }

    [Theory]
    [InlineData("a,b\n1,2\n1,2,3\n", ":3: 3 fields; allowed: 2, as in the header")]
    [InlineData("a,b\n1,2\n\n\n1,NaN\n", ":5: column b: NaN; allowed: a finite number (leave a column out with columns: [...])")]
    [InlineData("a,b\n1,1e999\n", ":2: column b: 1e999; allowed: a finite number (leave a column out with columns: [...])")]
    [InlineData("a,b\n\"1\n\",2\nx,2\n", ":4: column a: x; allowed: a finite number (leave a column out with columns: [...])")]
    [InlineData("a,b\n,2\n", ":2: column a: nothing; allowed: a finite number (leave a column out with columns: [...])")]
    [InlineData("", ":1: the file is empty; allowed: a header and rows")]
    [InlineData("1.5,2\n1,2\n", ":1: the header holds numbers: 1.5,2; allowed: column names")]
    [InlineData("a,a\n1,2\n", ":1: column named twice: a; allowed: distinct names")]
    [InlineData("a,b\n\"1,2\n", ":2: a quote is never closed; allowed: \"...\"")]
    [InlineData("a,b\n\"1\"x,2\n", ":2: text after a closing quote: x; allowed: a comma or the line's end")]
    [InlineData("a,b\n1,2\n1,2\n3,4\n", ": 2 distinct rows; allowed: at least 8")]
    public void Create_WhenTheContentIsWrong_SaysWhere(string content, string message)
    {
        string error = Assert.Throws<KindException>(() => Csv(content)).Message;

        Assert.Equal(Path.Combine(_folder, "x.csv") + message, error);
    }

    [Fact]
    public void Create_WhenAColumnIsUnknown_OffersTheNearest() =>
        Assert.EndsWith(
            "x.csv:1: unknown column: alcohl; allowed: alcohol, ash, hue (nearest of 4)",
            Assert.Throws<KindException>(() => Csv("magnesium,ash,alcohol,hue\n1,2,3,4\n", """["alcohl"]""")).Message);

    [Fact]
    public void Create_WhenTheFileIsMissing_NamesIt() =>
        Assert.StartsWith("path: /nowhere/x.csv can't be read", Assert.Throws<KindException>(() => DatasetUnderTest.Create("file", """{"path": "/nowhere/x.csv"}""")).Message);

    [Fact]
    public void Draw_WhenRowsAreRepeated_KeepsCopiesInOneSetAndLosesNone()
    {
        FileDataset dataset = Csv("a\n" + string.Concat(Enumerable.Range(0, 120).Select(i => $"{i % 30}\n")));
        DatasetSplit split = dataset.Draw(new SplitSizes(1000, 1000, 1000, 1000), 3);
        PointSet[] sets = [split.Training, split.Validation, split.Test, split.Fresh];

        Assert.Equal((120, 30), (dataset.RowCount, dataset.DistinctRowCount));
        Assert.Equal(120, sets.Sum(s => s.Count));
        Assert.Equal(30, sets.Sum(s => s.Values.Distinct().Count()));
        Assert.Equal([88, 8, 12, 12], sets.Select(s => s.Count));
    }

    [Theory]
    [InlineData(1, "<f8")]
    [InlineData(2, "<f4")]
    [InlineData(1, "<i4")]
    public void Create_OfNpy_ReadsItsRows(byte version, string type)
    {
        var dataset = (FileDataset)Npy(version, type, "(20, 2)", Enumerable.Range(0, 40));

        Assert.Equal((20, 2), (dataset.RowCount, dataset.Dimensions));
        Assert.All(Training(dataset), row => Assert.Equal(1, row[1] - row[0]));
    }

    [Theory]
    [InlineData(3, "<f8", "(20, 2)", ".npy version 3; allowed: 1, 2")]
    [InlineData(1, "<c8", "(20, 2)", "type <c8; allowed: <f4")]
    [InlineData(1, "<f8", "(40,)", "its shape is not (rows, columns)")]
    [InlineData(1, "<f8", "(21, 2)", "320 bytes of data; allowed: 336 for shape (21, 2)")]
    public void Create_WhenTheNpyIsWrong_SaysSo(byte version, string type, string shape, string message) =>
        Assert.StartsWith(
            $"{Path.Combine(_folder, "x.npy")}: {message}",
            Assert.Throws<KindException>(() => Npy(version, type, shape, Enumerable.Range(0, 40))).Message);

    private static string Rows(int count) =>
        "a,b\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"{i},{i * i}\n"));

    private static IEnumerable<double[]> Training(FileDataset dataset)
    {
        PointSet training = dataset.Draw(new SplitSizes(100, 1, 1, 1), 1).Training;
        return Enumerable.Range(0, training.Count).Select(i => training.Row(i).ToArray());
    }

    private FileDataset Csv(string content, string? columns = null)
    {
        string path = Path.Combine(_folder, "x.csv");
        File.WriteAllText(path, content);
        var parameters = new JsonObject { ["path"] = path };
        if (columns is not null)
            parameters["columns"] = JsonNode.Parse(columns);
        return (FileDataset)DatasetUnderTest.Create("file", parameters.ToJsonString());
    }

    private IDataset Npy(byte version, string type, string shape, IEnumerable<int> values)
    {
        byte[] header = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes(header.Length);
        byte[] data = values.SelectMany(v => type switch
        {
            "<f4" => BitConverter.GetBytes((float)v),
            "<i4" => BitConverter.GetBytes(v),
            _ => BitConverter.GetBytes((double)v),
        }).ToArray();
        string path = Path.Combine(_folder, "x.npy");
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, version, 0, .. length, .. header, .. data]);
        return DatasetUnderTest.Create("file", new JsonObject { ["path"] = path }.ToJsonString());
    }
}
