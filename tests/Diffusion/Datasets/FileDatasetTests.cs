using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Tests.Diffusion.Datasets.Files;
using Sweep.Tests.Diffusion.Files;
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
        FileDataset dataset =
            Csv("\"a,\"\"x\"\"\",b,c\r\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},text,\"{i + 0.5}\"\r\n\r\n")), """["c", "a,\"x\""]""");

        Assert.Equal(["c", "a,\"x\""], dataset.ColumnNames);
        Assert.Equal(20, dataset.RowCount);
        Assert.All(Training(dataset), row => Assert.Equal(0.5, row[0] - row[1]));
    }

    [Theory]
    [InlineData("a,b\n1,2\n1,2,3\n", ":3: 3 fields; allowed: 2, as in the header")]
    [InlineData("a,b\n1,2\n\n\n1,NaN\n",
        ":5: column b: NaN; allowed: a finite number (missing: drop leaves such rows out; leave a column out with columns: [...] or except: [b])")]
    [InlineData("a,b\n1,1e999\n", ":2: column b: 1e999; allowed: a finite number (leave a column out with columns: [...] or except: [b])")]
    [InlineData("a,b\n\"1\n\",2\nx,2\n", ":4: column a: x; allowed: a finite number (leave a column out with columns: [...] or except: [a])")]
    [InlineData("a,b\n,2\n",
        ":2: column a: nothing; allowed: a finite number (missing: drop leaves such rows out; leave a column out with columns: [...] or except: [a])")]
    [InlineData("", ":1: the file is empty; allowed: a header and rows")]
    [InlineData("1.5,2\n1,2\n", ":1: the header holds numbers: 1.5,2; allowed: column names (a file that has none: header: false)")]
    [InlineData("a,a\n1,2\n", ":1: column named twice: a; allowed: a name of its own for every column that is used")]
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
        Assert.StartsWith("path: /nowhere/x.csv can't be read",
            Assert.Throws<KindException>(() => DatasetUnderTest.Create("file", """{"path": "/nowhere/x.csv"}""")).Message);

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

    [Fact]
    public void Create_OfAnArray_ReadsItsRowsAndKnowsImages()
    {
        var dataset = (FileDataset)Of(DataFolder.Sample("images.npy"));
        var wide = (FileDataset)Of(DataFolder.Sample("images-wide.npy"));

        Assert.Equal((10, 16, 4), (dataset.RowCount, dataset.Dimensions, dataset.ImageSide));
        Assert.Equal((6, (2, 3), null), (wide.Dimensions, wide.Image, wide.ImageSide));
    }

    [Fact]
    public void Create_WhenRowsAreDropped_CountsThemAndNotesIt()
    {
        FileDataset dataset = Csv("a\n" + string.Concat(Enumerable.Range(0, 20).Select(i => i % 10 == 3 ? "NA\n" : $"{i}\n")), missing: "drop");

        Assert.Equal((18, 2), (dataset.RowCount, dataset.DroppedRowCount));
        Assert.Equal(["2 of 20 rows of the file lack a value and were dropped (missing: drop)."], ((IDataset)dataset).Notes);
        Assert.Empty(((IDataset)Csv(Rows(20))).Notes);
    }

    [Theory]
    [InlineData("""{"columns": ["a"], "except": ["b"]}""", "except: beside columns; allowed: one of them")]
    [InlineData("""{"delimiter": "5"}""", "delimiter: 5; allowed: one character that no number has, or comma, semicolon, tab, bar, space")]
    [InlineData("""{"decimal": "point"}""", "decimal: point; allowed: \".\" or \",\"")]
    [InlineData("""{"delimiter": "comma", "decimal": ","}""", "decimal: ,, which is the delimiter; allowed: two characters")]
    [InlineData("""{"except": ["a", "a"]}""", "except: [\"a\",\"a\"]; allowed: distinct names")]
    public void Create_WhenParametersMakeNoSense_SaysSo(string parameters, string message)
    {
        var values = (JsonObject)JsonNode.Parse(parameters)!;
        values["path"] = Path.Combine(_folder, "x.csv");
        File.WriteAllText(Path.Combine(_folder, "x.csv"), Rows(20));

        Assert.Equal(message, Assert.Throws<KindException>(() => DatasetUnderTest.Create("file", values.ToJsonString())).Message);
    }

    [Fact]
    public void Create_OfAPipeOrADevice_NamesIt()
    {
        string pipe = RegularFileTests.Pipe(_folder);

        Assert.Equal($"path: {pipe} is a pipe; allowed: a regular file", Assert.Throws<KindException>(() => Of(pipe)).Message);
        Assert.Equal("path: /dev/zero is a device; allowed: a regular file", Assert.Throws<KindException>(() => Of("/dev/zero")).Message);
    }

    private static string Rows(int count) =>
        "a,b\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"{i},{i * i}\n"));

    private static IEnumerable<double[]> Training(FileDataset dataset)
    {
        PointSet training = dataset.Draw(new SplitSizes(100, 1, 1, 1), 1).Training;
        return Enumerable.Range(0, training.Count).Select(i => training.Row(i).ToArray());
    }

    private static IDataset Of(string path) => DatasetUnderTest.Create("file", new JsonObject { ["path"] = path }.ToJsonString());

    private FileDataset Csv(string content, string? columns = null, string? missing = null)
    {
        string path = Path.Combine(_folder, "x.csv");
        File.WriteAllText(path, content);
        var parameters = new JsonObject { ["path"] = path };
        if (columns is not null)
            parameters["columns"] = JsonNode.Parse(columns);
        if (missing is not null)
            parameters["missing"] = missing;
        return (FileDataset)DatasetUnderTest.Create("file", parameters.ToJsonString());
    }
}
