using System.Globalization;
using System.Text;
using Sweep.Diffusion.Datasets.Files;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets.Files;

public sealed class CsvFileTests : IDisposable
{
    private static readonly double[] XY = [.. Enumerable.Range(0, 10).SelectMany(i => new[] { i + 0.25, -i / 2.0 })];

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(",", ".", "\n", null)]
    [InlineData(",", ".", "\r\n", null)]
    [InlineData(",", ".", "\r", "lines ending with a carriage return")]
    [InlineData(";", ".", "\n", "fields separated by a semicolon")]
    [InlineData(";", ",", "\n", "fields separated by a semicolon; decimal comma")]
    [InlineData("\t", ".", "\n", "fields separated by a tab")]
    [InlineData("\t", ",", "\r\n", "fields separated by a tab; decimal comma")]
    [InlineData("|", ".", "\n", "fields separated by a bar")]
    [InlineData(" ", ".", "\n", "fields separated by a space")]
    [InlineData("   ", ",", "\n", "fields separated by a space; decimal comma")]
    public void Read_OfAnyDialect_GuessesItAndSaysSo(string delimiter, string point, string end, string? guesses)
    {
        string text = Text(delimiter, point, end);

        NumericTable table = _folder.Read("x.csv", text), packed = _folder.Read("x.csv.gz", DataFolder.Gzip(Encoding.UTF8.GetBytes(text)));

        Assert.Equal(["x", "y"], table.Columns);
        Assert.Equal(XY, table.Values);
        Assert.Equal(guesses ?? string.Empty, string.Join("; ", table.Guesses));
        Assert.Equal(table.Values, packed.Values);
    }

    [Theory]
    [InlineData(";", ",")]
    [InlineData(",", ".")]
    [InlineData(" ", ".")]
    public void Read_WithoutAHeader_CountsTheColumns(string delimiter, string point)
    {
        string rows = Text(delimiter, point, "\n").Split('\n', 2)[1];

        NumericTable table = _folder.Read("x.csv", rows, new TableOptions { Header = false });

        Assert.Equal(["0", "1"], table.Columns);
        Assert.Equal(XY, table.Values);
        Assert.Equal(
            "x.csv:1: the header holds numbers: 1,2; allowed: column names (a file that has none: header: false)", _folder.Error("x.csv", "1,2\n3,4\n"));
    }

    /// <summary>R's write.table has no name above the rows' own; some writers end the rows alone, or the names alone, with a delimiter.</summary>
    [Theory]
    [InlineData("\"x\" \"y\"\n", "\"{0}\" {1} {2}\n")]
    [InlineData("x,y\n", "{1},{2},\n")]
    [InlineData("x;y\r\n", "{1};{2};\r\n")]
    [InlineData("x,y,\n", "{1},{2},\n")]
    [InlineData("x\ty\n# a note\n", "{0}\t{1}\t{2}\n")]
    public void Read_WhenRowsHaveOneFieldMoreThanTheNames_CallsItNameless(string header, string row)
    {
        string text = header + string.Concat(Enumerable.Range(0, 10).Select(i =>
            string.Format(CultureInfo.InvariantCulture, row, i + 1, XY[2 * i], XY[(2 * i) + 1])));

        Assert.Equal(XY, _folder.Read("x.csv", text, new TableOptions { Except = [string.Empty] }).Values);
        Assert.Contains("has no name; allowed: a name for every column that is used", _folder.Error("x.csv", text), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenTheNamesAloneEndWithADelimiter_TakesThoseThatHaveValues() =>
        Assert.Equal(XY, _folder.Read("x.csv", "x,y,\n" + Text(",", ".", "\n").Split('\n', 2)[1]).Values);

    [Theory]
    [InlineData(";", ",")]
    [InlineData(",", ".")]
    [InlineData("\t", ",")]
    public void Read_WhenTheFirstLineDeclaresTheDelimiter_GoesByIt(string delimiter, string point)
    {
        string text = $"sep={delimiter}\r\n{Text(delimiter, point, "\r\n")}";

        Assert.Equal(XY, _folder.Read("x.csv", text).Values);
        Assert.StartsWith("x.csv:3: column y: five;", _folder.Error("x.csv", $"sep={delimiter}\r\nx{delimiter}y\r\n1{delimiter}five\r\n"),
            StringComparison.Ordinal);
    }

    /// <summary>As of files that went through an old Macintosh and another editor.</summary>
    [Theory]
    [InlineData("\r", "\n")]
    [InlineData("\r\n", "\n")]
    [InlineData("\r\n", "\r")]
    [InlineData("\r\r\n", "\r\n")]
    public void Read_OfMixedLineEnds_TakesAllOfThem(string even, string odd)
    {
        string[] lines = Text(",", ".", "\n").TrimEnd('\n').Split('\n');

        Assert.Equal(XY, _folder.Read("x.csv", string.Concat(lines.Select((line, i) => line + (i % 2 == 0 ? even : odd)))).Values);
        Assert.Equal(XY[..^2], _folder.Read("x.csv", string.Concat(lines[..^1].Select((line, i) => line + (i % 2 == 0 ? even : odd)))).Values);
        Assert.Equal(XY, _folder.Read("x.csv", string.Concat(lines.Select((line, i) => line + (i % 3 == 0 ? odd : even)))).Values);
    }

    [Theory]
    [InlineData("x,y\n1,2\n\"1,265.34\",3\n", "x.csv:3: column x: 1,265.34; allowed: numbers without a thousands separator")]
    [InlineData("x;y\n1;2\n1.265,34;3\n", "x.csv:3: column x: 1.265,34; allowed: numbers without a thousands separator")]
    [InlineData("x;y\n1;2\n1'265.34;3\n", "x.csv:3: column x: 1'265.34; allowed: numbers without a thousands separator")]
    [InlineData("x;y\n1;2\n1\u202f265,34;3\n", "x.csv:3: column x: 1\u202f265,34; allowed: numbers without a thousands separator")]
    [InlineData("x,y\n\"1,25\",2\n", "x.csv:2: column x: 1,25; allowed: a finite number, or with decimal: \",\" where that is its decimal sign")]
    [InlineData("x,y\n\"1,250\",2\n",
        "x.csv:2: column x: 1,250; allowed: numbers without a thousands separator, or decimal: \",\" where that is its decimal sign")]
    [InlineData("x,y\n1,5,2,25\n",
        "x.csv:2: 4 fields; allowed: 2, as in the header; decimal commas can't be told from those between the fields: save it with semicolons")]
    [InlineData("x\n1,5\n", "x.csv:2: 2 fields; allowed: 1, as in the header on line 1: x (a line above the names begins with #, or has to go); numbers with "
        + "a decimal comma need delimiter: semicolon")]
    [InlineData("x:y\n1:2\n", "x.csv:2: column x:y: 1:2; allowed: a finite number (fields that : separates need delimiter: \":\")")]
    [InlineData("My data\nx,y\n1,2\n",
        "x.csv:2: 2 fields; allowed: 1, as in the header on line 1: My data (a line above the names begins with #, or has to go)")]
    public void Read_WhenNumbersAreWrittenOtherwise_NamesTheCause(string text, string error) => Assert.Equal(error, _folder.Error("x.csv", text));

    /// <summary>What groups thousands would pass for a decimal sign.</summary>
    [Theory]
    [InlineData("x;y\n1.265;2\n13.400;3\n999;4\n", "a decimal point")]
    [InlineData("x;y\n1,265;2\n13,400;3\n999;4\n", "decimal comma; a decimal comma")]
    [InlineData("x;y\n1.265;2\n0.126;3\n", null)]
    [InlineData("x;y\n1.265;2\n1.5;3\n", null)]
    [InlineData("x,y\n1.265,2\n13.400,3\n", null)]
    public void Read_WhenThreeDigitsFollowEveryDecimalSign_SaysSo(string text, string? guess)
    {
        string said = string.Join("; ", _folder.Read("x.csv", text).Guesses);

        if (guess is null)
            Assert.DoesNotContain("thousands", said, StringComparison.Ordinal);
        else
            Assert.EndsWith($"{guess}, though three digits follow it wherever it stands: if it groups thousands, remove it from the file", said,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfATypesettersMinus_IsNegative() => Assert.Equal([-1.5, 2], _folder.Read("x.csv", "x,y\n\u22121.5,2\n").Values);

    [Theory]
    [InlineData("<!DOCTYPE html><html>", "a web page, not the data")]
    [InlineData("{\"x\": [1]}", "JSON")]
    [InlineData("[{\"x\": 1}]", "JSON")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS, whose content git lfs pull fetches")]
    [InlineData("RDX3\n", "an R data file")]
    public void Read_OfAnotherKindOfText_SaysWhich(string text, string what) =>
        Assert.Equal($"x.csv: {what}; allowed: CSV, .npy, .npz or Parquet; CSV and .npy also as .gz", _folder.Error("x.csv", text));

    [Theory]
    [InlineData(".")]
    [InlineData("?")]
    [InlineData("-")]
    [InlineData("\\N")]
    [InlineData("NAN")]
    [InlineData("#DIV/0!")]
    [InlineData("#NA")]
    [InlineData("none")]
    public void Read_OfWhatElseStandsForAMissingValue_DropsItsRowOrSaysHow(string missing)
    {
        string text = $"x,y\n1,2\n3,{missing}\n5,6\n";

        NumericTable table = _folder.Read("x.csv", text, new TableOptions { DropMissing = true });

        Assert.Equal([1, 2, 5, 6], table.Values);
        Assert.Equal(1, table.DroppedRows);
        Assert.StartsWith($"x.csv:3: column y: {missing}; allowed: a finite number (missing: drop", _folder.Error("x.csv", text), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenTheDialectIsGiven_GuessesNothing()
    {
        NumericTable table = _folder.Read("x.csv", Text(";", ",", "\n"), new TableOptions { Delimiter = ';', Decimal = ',' });

        Assert.Equal(XY, table.Values);
        Assert.Empty(table.Guesses);
    }

    /// <summary>
    /// A comma that divides every line is the delimiter, whatever else the text holds: files that were read before there was a guess are read alike.
    /// </summary>
    [Fact]
    public void Read_WhenACommaDivides_IsNotMisledByOtherMarks() =>
        Assert.Equal([1, 2], _folder.Read("x.csv", "a;b c,n\ttotal\n\"x;y, z\",1\nx|y z;w,2\n", new TableOptions { Columns = ["n\ttotal"] }).Values);

    /// <summary>Likewise: beside line feeds a carriage return ends no line.</summary>
    [Fact]
    public void Read_WhenANameHoldsACarriageReturn_StillEndsLinesAtLineFeeds() =>
        Assert.Equal([1, 2, 3, 4], _folder.Read("x.csv", "a\rb,c\n1,2\n3,4\n").Values);

    [Fact]
    public void Read_OfCommentsAboveAndBetween_SkipsThem() =>
        Assert.Equal([1, 2, 3, 4], _folder.Read("x.csv", "# made 2026, by \"us\nx,y\n1,2\n# a note\n3,4\n").Values);

    [Fact]
    public void Read_WhenTheNamesAreAComment_ReadsThem()
    {
        NumericTable table = _folder.Read("x.txt", "# seconds then metres\n# x y\n1.0e+00 2.0e+00\n3.0e+00 4.0e+00\n");

        Assert.Equal(["x", "y"], table.Columns);
        Assert.Equal([1, 2, 3, 4], table.Values);
    }

    [Fact]
    public void Read_WhenTheFirstFieldBeginsWithAHash_KeepsReadingItAsARow()
    {
        // Both were read before there were comments: a header that begins with #, and rows of a column that isn't chosen.
        Assert.Equal([1, 2], _folder.Read("x.csv", "#id,n\n#1,1\n#2,2\n", new TableOptions { Columns = ["n"] }).Values);
        Assert.Equal([2, 4], _folder.Read("x.csv", "#y,y\n1,2\n3,4\n", new TableOptions { Columns = ["y"] }).Values);
        Assert.Equal(["#", "b"], _folder.Read("x.csv", "#,b\n1,2\n").Columns);
        Assert.Equal(["#a"], _folder.Read("x.csv", "#a,b\n1,2\n", new TableOptions { Columns = ["#a"] }).Columns);
    }

    [Fact]
    public void Read_WhenColumnsAreChosen_LetsOthersBeNamelessTwofoldOrText()
    {
        const string Text = ",x,y,z,z,note\n0,1,2,a,b,\"two\nlines\"\n1,3,4,,,\n";

        Assert.Equal([2, 1, 4, 3], _folder.Read("x.csv", Text, new TableOptions { Columns = ["y", "x"] }).Values);
        Assert.Equal(["x", "y"], _folder.Read("x.csv", Text, new TableOptions { Except = ["", "z", "note"] }).Columns);
        Assert.Equal(
            "x.csv:1: column 1 of 6 has no name; "
            + "allowed: a name for every column that is used (leave it out with columns: [...], or with except: [\"\"])",
            _folder.Error("x.csv", Text));
        Assert.Equal(
            "x.csv:1: column named twice: z; allowed: a name of its own for every column that is used",
            _folder.Error("x.csv", Text, new TableOptions { Columns = ["z"] }));
        Assert.Equal("x.csv:1: unknown column: q; allowed: x, y, z (nearest of 6)", _folder.Error("x.csv", Text, new TableOptions { Except = ["q"] }));
        Assert.Equal(
            "except: x, y, all columns of x.csv:1; allowed: names that leave at least one",
            _folder.Error("x.csv", "x,y\n1,2\n", new TableOptions { Except = ["x", "y"] }));
    }

    [Theory]
    [InlineData("gro\u0308\u00dfe", "gr\u00f6\u00dfe")]
    [InlineData("gr\u00f6\u00dfe", "gro\u0308\u00dfe")]
    public void Read_WhenANameIsComposedAnotherWay_FindsIt(string written, string asked) =>
        Assert.Equal([1, 3], _folder.Read("x.csv", $"{written},y\n1,2\n3,4\n", new TableOptions { Columns = [asked] }).Values);

    [Fact]
    public void Read_WhenTwoNamesAreOneByNormalization_CallsThemTwofold() =>
        Assert.StartsWith("x.csv:1: column named twice: ", _folder.Error("x.csv", "\u00f6,o\u0308\n1,2\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("NA")]
    [InlineData("NaN")]
    [InlineData("null")]
    [InlineData(" ")]
    public void Read_WhenAValueIsMissing_SaysSoOrDropsTheRow(string missing)
    {
        string text = $"x,y,note\n1,2,\n3,{missing},\n5,6,\n";

        NumericTable table = _folder.Read("x.csv", text, new TableOptions { DropMissing = true, Columns = ["x", "y"] });

        Assert.Equal([1, 2, 5, 6], table.Values);
        Assert.Equal(1, table.DroppedRows);
        string error = _folder.Error("x.csv", text, new TableOptions { Columns = ["x", "y"] });
        Assert.StartsWith("x.csv:3: column y: ", error, StringComparison.Ordinal);
        Assert.EndsWith(
            "allowed: a finite number (missing: drop leaves such rows out; leave a column out with columns: [...] or except: [y])",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfFlags_TakesThemForZeroAndOne() => Assert.Equal([1, 0, 1], _folder.Read("x.csv", "flag\nTrue\nfalse\nTRUE\n").Values);

    [Theory]
    [InlineData("x;y\n1.234,5;2\n", ":2: column x: 1.234,5; allowed: numbers without a thousands separator")]
    [InlineData("x;y\n1,5;2\n2.5;3\n", ":3: column x: 2.5; allowed: a number with a decimal comma, as those above it have")]
    [InlineData("x;y\n1.5;2\n2,5;3\n", ":3: column x: 2,5; allowed: a number with a decimal point, as those above it have")]
    [InlineData("x;y\n1,5;a,b\n", ":2: column y: a,b; allowed: a finite number (leave a column out with columns: [...] or except: [y])")]
    public void Read_WhenDecimalSignsAreMixed_SaysWhere(string text, string message) => Assert.Equal("x.csv" + message, _folder.Error("x.csv", text));

    [Fact]
    public void Read_OfLatin1_NamesTheEncodingAndNeverMakesAnotherCharacterOfIt()
    {
        byte[] named = Encoding.Latin1.GetBytes("gr\u00f6\u00dfe,y\n1,2\n3,4\n"), inRow = Encoding.Latin1.GetBytes("x,y\n1,2\n\u00fc,4\n");
        const string Latin1 = "as it would be in Latin-1 (ISO 8859-1); allowed: UTF-8 text, such as iconv makes of it";

        Assert.Equal($"x.csv:1: not UTF-8 (byte 0xf6), {Latin1}", _folder.Error("x.csv", named));
        Assert.Equal($"x.csv:1: not UTF-8 (byte 0xf6), {Latin1}", _folder.Error("x.csv", named, new TableOptions { Columns = ["gr\u00f6\u00dfe", "y"] }));
        Assert.Equal($"x.csv:1: not UTF-8 (byte 0xf6), {Latin1}", _folder.Error("x.csv", [.. Encoding.UTF8.Preamble, .. named]));
        Assert.Equal($"x.csv:3: column x: not UTF-8 (byte 0xfc), {Latin1}", _folder.Error("x.csv", inRow));
        Assert.Contains("Windows-1252", _folder.Error("x.csv", [.. "x"u8, 0x80, .. "\n1\n"u8]), StringComparison.Ordinal);

        // Where the bytes are in no column that is used, the numbers don't depend on them.
        Assert.Equal([2, 4], _folder.Read("x.csv", named, new TableOptions { Columns = ["y"] }).Values);
    }

    [Fact]
    public void Read_OfUtf16_NeedsItsMark()
    {
        byte[] text = Encoding.Unicode.GetBytes("x\ty\n1\t2\n");

        Assert.Equal([1, 2], _folder.Read("x.csv", [.. Encoding.Unicode.Preamble, .. text]).Values);
        Assert.StartsWith("x.csv:1: NUL characters in the header: UTF-16 without a byte order mark", _folder.Error("x.csv", text), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAFieldOrALineWithoutEnd_StopsThere()
    {
        byte[] zeros = Enumerable.Repeat((byte)'0', (1 << 20) + 8).ToArray();

        Assert.Equal(
            "x.csv.gz:1: a field of more than 1048576 characters; allowed: a table, a line for each row", _folder.Error("x.csv.gz", DataFolder.Gzip(zeros)));
        Assert.Equal(
            "x.csv.gz:1: more than 1048576 fields; allowed: at most 1048576",
            _folder.Error("x.csv.gz", DataFolder.Gzip([.. Enumerable.Repeat((byte)',', (1 << 20) + 8)])));
    }

    [Theory]
    [InlineData("x,y\n", "")]
    [InlineData("# nothing else\n", ":1: the file is empty; allowed: a header and rows")]
    public void Read_OfNoRows_HasNoneOrSaysSo(string text, string message)
    {
        if (message.Length == 0)
            Assert.Empty(_folder.Read("x.csv", text).Values);
        else
            Assert.Equal("x.csv" + message, _folder.Error("x.csv", text));
    }

    private static string Text(string delimiter, string point, string end)
    {
        string Number(double value) => value.ToString(CultureInfo.InvariantCulture).Replace(".", point, StringComparison.Ordinal);
        return $"x{delimiter}y{end}" + string.Concat(Enumerable.Range(0, 10).Select(i => Number(XY[2 * i]) + delimiter + Number(XY[(2 * i) + 1]) + end));
    }
}
