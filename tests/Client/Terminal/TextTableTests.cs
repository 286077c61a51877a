using Sweep.Client.Terminal;
using Xunit;

namespace Sweep.Tests.Client.Terminal;

public sealed class TextTableTests
{
    private const string Long = "a data set with a name that goes on and on, as people's files have them";

    [Fact]
    public void Lines_OnATerminal_SayOnceWhatEveryRowHas()
    {
        TextTable table = new("trial", "data", "schedule", "width", "note");
        table.Add("aa", "moons", "vp-linear", "8", "");
        table.Add("bb", "spirals", "vp-linear", "16", "");
        string[] lines = [.. table.Lines(80)];
        Assert.Equal(" all: schedule vp-linear", lines[0]);
        Assert.Equal([" trial  data     width", " ─────  ───────  ─────", " aa     moons        8", " bb     spirals     16"], lines[1..]);
    }

    [Fact]
    public void Lines_WhereRowsChange_KeepEveryColumn()
    {
        TextTable table = new("trial", "phase");
        table.Add("aa", "train");
        table.Add("bb", "train");
        Assert.Equal(4, table.Lines(80, fold: false).Count());
    }

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void Lines_OnATerminal_AreNeverLonger(int width)
    {
        TextTable table = new TextTable("trial", "data", "seed").Optional("truth level", "attempts");
        for (int i = 0; i < 3; i++)
            table.Add($"{i:x8}", $"{Long} {i}", $"{i}", $"{i}", $"{i}");
        string[] lines = [.. table.Lines(width)];
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width - 1));
        Assert.Equal(5, lines.Length);
        Assert.Contains("seed", lines[0], StringComparison.Ordinal);
        Assert.Equal(width >= 120, lines[0].Contains("attempts", StringComparison.Ordinal));
    }

    /// <summary>A program that reads the output finds all of a row in its line, and the same columns every time.</summary>
    [Fact]
    public void Lines_WithoutATerminal_AreWhole()
    {
        TextTable table = new TextTable("trial", "data", "empty").Optional("attempts");
        table.Add("aa", Long, "", "1");
        table.Add("bb", Long, "", "1");
        string[] lines = [.. table.Lines(null)];
        Assert.Equal(4, lines.Length);
        Assert.All(lines[2..], line => Assert.Contains(Long, line, StringComparison.Ordinal));
        Assert.Contains("attempts", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_WhenACellIsHostileOrWide_KeepTheirShape()
    {
        TextTable table = new("name", "n");
        table.Add("\u001b[31mred\nline", "1");
        table.Add("データ集合データ集合データ集合", "2");
        string[] lines = [.. table.Lines(24)];
        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.DoesNotContain(line, char.IsControl));
    }
}
