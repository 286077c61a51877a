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
    public void Draw_WhenRowsAreHeldOut_TestsEverySeedOnThemAndChoosesByOthers()
    {
        string rows = Rows(100);
        FileDataset seeds = Csv(rows), confirming = Csv(rows, split: "held-out"), choosing = Csv(rows, split: "validation");
        SplitSizes some = new(1000, 1000, 7, 1000);
        double[][] Of(FileDataset dataset, Func<DatasetSplit, PointSet> set, SplitSizes sizes) =>
            [.. new ulong[] { 0, 1, 1000 }.Select(seed => Firsts(set(dataset.Draw(sizes, seed))))];

        double[][] tests = Of(confirming, s => s.Test, some), all = Of(confirming, s => s.Test, Plenty), fresh = Of(confirming, s => s.Fresh, Plenty);
        Assert.Equal(7, tests[0].Length);
        Assert.All(tests, t => Assert.Equal(tests[0], t));
        Assert.All(fresh, f => Assert.Equal(fresh[0], f));
        Assert.Equal((10, 10), (all[0].Length, fresh[0].Length));
        Assert.Equal(3, Of(confirming, s => s.Training, Plenty).Select(t => string.Join(',', t)).Distinct().Count());
        Assert.Equal([72, 8, 10, 10], Sizes(confirming.Draw(Plenty, 5)));

        // Nothing that is chosen by has a row of what is then confirmed on.
        DatasetSplit[] chosen = [.. new ulong[] { 0, 1, 1000 }.Select(seed => choosing.Draw(Plenty, seed))];
        Assert.All(chosen, c => Assert.Empty(Sets(c).SelectMany(Firsts).Intersect([.. all[0], .. fresh[0]])));
        Assert.All(chosen, c => Assert.Equal([58, 6, 8, 8], Sizes(c)));
        Assert.Equal(3, chosen.Select(c => string.Join(',', Firsts(c.Test).Order())).Distinct().Count());

        // As it always was.
        Assert.Equal(Sizes(seeds.Draw(Plenty, 5)), Sizes(confirming.Draw(Plenty, 5)));
        Assert.NotEqual(Firsts(seeds.Draw(Plenty, 0).Test).Order(), Firsts(seeds.Draw(Plenty, 1).Test).Order());
    }

    [Fact]
    public void Create_WhenTooFewRowsAreLeftToHoldOutSomeAgain_SaysHowMany()
    {
        Assert.True(Csv(Rows(12)).MayHoldOutTwice);
        Assert.False(Csv(Rows(11)).MayHoldOutTwice);
        Assert.EndsWith(
            "11 distinct rows, of which 7 aren't held out for test; allowed: at least 8 of them, to hold out some again",
            Assert.Throws<KindException>(() => Csv(Rows(11), split: "validation")).Message, StringComparison.Ordinal);
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

    private static readonly SplitSizes Plenty = new(1000, 1000, 1000, 1000);

    private static PointSet[] Sets(DatasetSplit split) => [split.Training, split.Validation, split.Test, split.Fresh];

    private static int[] Sizes(DatasetSplit split) => [.. Sets(split).Select(s => s.Count)];

    private static double[] Firsts(PointSet set) => [.. Enumerable.Range(0, set.Count).Select(i => set.Row(i)[0])];

    private static string Rows(int count) =>
        "a,b\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"{i},{i * i}\n"));

    private static IEnumerable<double[]> Training(FileDataset dataset)
    {
        PointSet training = dataset.Draw(new SplitSizes(100, 1, 1, 1), 1).Training;
        return Enumerable.Range(0, training.Count).Select(i => training.Row(i).ToArray());
    }

    private static IDataset Of(string path) => DatasetUnderTest.Create("file", new JsonObject { ["path"] = path }.ToJsonString());

    private FileDataset Csv(string content, string? columns = null, string? missing = null, string? split = null)
    {
        string path = Path.Combine(_folder, "x.csv");
        File.WriteAllText(path, content);
        var parameters = new JsonObject { ["path"] = path };
        if (columns is not null)
            parameters["columns"] = JsonNode.Parse(columns);
        if (missing is not null)
            parameters["missing"] = missing;
        if (split is not null)
            parameters["split"] = split;
        return (FileDataset)DatasetUnderTest.Create("file", parameters.ToJsonString());
    }
}
