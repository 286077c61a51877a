using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sweep.Client.Report;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Tests.Grains.Comparison.Report;
using Xunit;

namespace Sweep.Tests.Client.Report;

public sealed class ReportWriterTests : IDisposable
{
    private const string Hostile = "</script><script>alert(1)</script><!-- \u2028 & | `x` *y*";

    private readonly string folder = Directory.CreateTempSubdirectory("sweep-report-").FullName;
    private readonly ReportInput input = SyntheticSweep.Input();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Write_WhenGivenAReport_LeavesItsFilesAndNothingElse()
    {
        IReadOnlyList<string> paths = ReportWriter.Write(ReportBuilder.Build(input), input, folder);
        string[] expected = ["comparisons.csv", "curves.csv", "expectations.csv", "index.html", "report.json", "report.md", "trials.csv"];
        Assert.Equal(expected, Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.Equal(expected, paths.Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Write_WhenNothingIsExpected_LeavesNoExpectations()
    {
        ReportWriter.Write(ReportBuilder.Build(input), input, folder);
        ReportInput without = input with { Spec = input.Spec with { Expectations = [], Withdrawn = [] } };
        IReadOnlyList<string> paths = ReportWriter.Write(ReportBuilder.Build(without), without, folder);
        Assert.False(File.Exists(Path.Combine(folder, "expectations.csv")));
        Assert.DoesNotContain(paths, p => p.EndsWith("expectations.csv", StringComparison.Ordinal));
        Assert.DoesNotContain("## Expectations", File.ReadAllText(Path.Combine(folder, "report.md")), StringComparison.Ordinal);
    }

    /// <summary>
    /// On data of which every seed splits the same rows again, what holds for rows like these stands beside what holds for these, in every format.
    /// </summary>
    [Fact]
    public void Write_WhenSeedsSplitTheSameRows_HasTheCorrectedIntervalInEveryFormat()
    {
        ReportDocument document = ReportBuilder.Build(input);
        ComparisonSection first = document.Comparisons.First(c => c.Difference.CiLow is not null) with { Resplit = new ResplitInterval(0.25, -1.5, 2.5) };
        document = document with { Comparisons = [first, .. document.Comparisons.Skip(1).Where(c => c.Metric == first.Metric)] };

        ReportWriter.Write(document, input, folder);

        string[] rows = File.ReadAllText(Path.Combine(folder, "comparisons.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] columns = rows[0].Split(','), cells = rows[1].Split(',');
        Assert.Equal(1 + document.Comparisons.Count, rows.Length);
        Assert.Equal(["0.25", "-1.5", "2.5"], cells[Array.IndexOf(columns, "resplit_test_to_train")..][..3]);
        Assert.Equal(first.Difference.CiLow, double.Parse(cells[Array.IndexOf(columns, "ci_low")], System.Globalization.CultureInfo.InvariantCulture));
        JsonNode json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "report.json")))!["comparisons"]![0]!["resplit"]!;
        Assert.Equal((0.25, -1.5, 2.5), (json["test_to_train"]!.GetValue<double>(), json["ci_low"]!.GetValue<double>(), json["ci_high"]!.GetValue<double>()));
        Assert.Matches(@"\| difference \[95% interval\] \| for rows like these \|", File.ReadAllText(Path.Combine(folder, "report.md")));
    }

    /// <summary>An interval of few seeds reaches where the quantity can't; report.json keeps its ends.</summary>
    [Fact]
    public void Write_WhenAnIntervalReachesBeyondTheQuantity_ShowsItWithinAndKeepsTheNumbers()
    {
        ReportDocument document = ReportBuilder.Build(input);
        MetricInfo distance = document.Metrics.First(m => m.Name == "energy_distance");
        var beyond = new MetricSummary { Mean = 0.5, CiLow = -0.85, CiHigh = 1.85, PerSeed = [0.1, 0.9], TruthLevel = null, Reason = null };
        document = document with
        {
            Metrics = [.. document.Metrics.Select(m => m == distance ? m with { Least = 0, Most = 1 } : m)],
            Groups = [.. document.Groups.Select(g =>
                g with { Metrics = new Dictionary<string, MetricSummary>(g.Metrics, StringComparer.Ordinal) { ["energy_distance"] = beyond } })],
        };

        ReportWriter.Write(document, input, folder);

        string markdown = File.ReadAllText(Path.Combine(folder, "report.md"));
        Assert.Contains("0.50 [0.00, 1.00]", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("[-0.85", markdown, StringComparison.Ordinal);
        JsonNode kept = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "report.json")))!["groups"]![0]!["metrics"]!["energy_distance"]!;
        Assert.Equal((-0.85, 1.85), (kept["ci_low"]!.GetValue<double>(), kept["ci_high"]!.GetValue<double>()));
    }

    [Fact]
    public void Write_WhenSomethingIsExpected_SaysWhatCameOfItInEveryFormat()
    {
        ReportDocument document = ReportBuilder.Build(input);
        ReportWriter.Write(document, input, folder);
        string markdown = File.ReadAllText(Path.Combine(folder, "report.md"));
        Assert.Contains(
            "| ✓ supported | Gaussianized ica4 reaches the truth level within 20 steps | steps_to_threshold &lt;= 20 "
            + "| in all 4 groups; least certain: 0 reverse steps at width 8 | 0 of 108 |",
            markdown,
            StringComparison.Ordinal);
        Assert.Contains("| ✗ refuted | On ring8 it ends farther from it at width 64 |", markdown, StringComparison.Ordinal);
        Assert.Contains("Gaussianized ica4 reaches the truth level within 5 steps (&lt;= 5)", markdown, StringComparison.Ordinal);
        string[] rows = File.ReadAllText(Path.Combine(folder, "expectations.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + document.Expectations.Sum(e => e.Groups.Count), rows.Length);
        Assert.StartsWith(
            "claim,is,metric,compare,a,b,dataset,preprocessing,schedule,width,over,quantity,relation,threshold,", rows[0], StringComparison.Ordinal);
        Assert.All(
            rows,
            r => Assert.Equal(
                rows[0].Count(c => c == ','),
                r.Replace("Gaussianization ends nearer to the truth level, ", "", StringComparison.Ordinal)
                    .Replace("near it, at", "", StringComparison.Ordinal)
                    .Count(c => c == ',')));
        string[] lines = [.. ExpectationText.Lines(document, 100)];
        Assert.Equal("Expectations: 2 supported, 2 refuted, 2 undecided (95% intervals over 3 seeds)", lines[0]);
        Assert.Equal("  ✓ supported   Gaussianized ica4 reaches the truth level within 20 steps", lines[1]);
        Assert.All(lines, l => Assert.InRange(l.Length, 1, 100));
    }

    [Fact]
    public void Write_WhenFilesAreThere_ReplacesThem()
    {
        File.WriteAllText(Path.Combine(folder, "report.md"), "old");
        ReportWriter.Write(ReportBuilder.Build(input), input, folder);
        Assert.StartsWith("# quickstart", File.ReadAllText(Path.Combine(folder, "report.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_WhenADensityIsNotKnown_DoesNotCallTheThresholdNeverReached()
    {
        const string Unknown = "the dataset's density is not known";
        CompletedTrial Blind(CompletedTrial t) => t with
        {
            Result = t.Result with
            {
                Metrics = new Dictionary<string, MetricValue>(t.Result.Metrics, StringComparer.Ordinal)
                {
                    ["log_likelihood"] = new(null, null, Unknown), ["steps_to_threshold"] = new(null, null, Unknown),
                },
            },
        };
        ReportInput blind = input with { Completed = [.. input.Completed.Select(Blind)] };
        ReportWriter.Write(ReportBuilder.Build(blind), blind, folder);
        string markdown = File.ReadAllText(Path.Combine(folder, "report.md"));
        Assert.DoesNotContain("| never", markdown, StringComparison.Ordinal);
        Assert.Contains("The density is not known, so there is no truth level to reach.", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_WhenTextIsHostile_KeepsTheDataBlockWhole()
    {
        ReportDocument document = Document(Hostile);
        string html = ReportPage.Html(document, "boot();", "p{}");
        Match block = Regex.Match(
            html, "<script type=\"application/json\" id=\"report\">(?<json>.*?)</script>", RegexOptions.Singleline, TimeSpan.FromSeconds(5));
        Assert.Equal(Hostile, (string?)JsonNode.Parse(block.Groups["json"].Value)!["sweep"]!["name"]);
        Assert.Equal(2, Regex.Count(html, "</script", RegexOptions.None, TimeSpan.FromSeconds(5)));
        Assert.DoesNotContain("<!--", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\u2028", block.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_WhenWritten_NamesNoOtherFileOrHost()
    {
        string html = ReportPage.Html(ReportBuilder.Build(input), "boot();", "p{}");
        Assert.DoesNotContain(" src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_WhenTheBundleIsMissing_SaysSoAndStillAnswers()
    {
        ReportDocument document = ReportBuilder.Build(input);
        string html = ReportPage.Html(document, null, null);
        Assert.Contains("built without the report page", html, StringComparison.Ordinal);
        Assert.Contains(System.Net.WebUtility.HtmlEncode(document.Answer.Headline), html, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_WhenTheBundleWouldEndItsElement_Refuses() =>
        Assert.Throws<InvalidDataException>(() => ReportPage.Html(ReportBuilder.Build(input), "x='</script>'", null));

    [Fact]
    public void TrialsCsv_WhenWritten_HasARowPerCompletedTrialWithRoundTripNumbers()
    {
        ReportWriter.WriteData(ReportBuilder.Build(input), input, folder);
        string[] lines = File.ReadAllText(Path.Combine(folder, "trials.csv")).Split("\r\n");
        string[] header = lines[0].Split(',');
        Assert.Equal(["trial", "dataset", "preprocessing", "schedule", "width", "seed", "device", "log_likelihood", "log_likelihood_truth_level"], header[..9]);
        Assert.Equal(107 + 2, lines.Length);
        string[] first = lines[1].Split(',');
        Assert.Equal(input.Completed[0].Result.Metrics["log_likelihood"].Value, double.Parse(first[7]));
        Assert.Contains("steps_to_threshold_reason", header);
    }

    [Fact]
    public void CurvesCsv_WhenWritten_IsLongWithEveryPoint()
    {
        ReportWriter.WriteData(ReportBuilder.Build(input), input, folder);
        string[] lines = File.ReadAllLines(Path.Combine(folder, "curves.csv"));
        Assert.Equal("dataset,preprocessing,schedule,width,seed,curve,step,value", lines[0]);
        Assert.Equal(1 + 107 * (101 + 101 + 50), lines.Length);
        Assert.Equal(80, double.Parse(lines.First(l => l.Contains("training_loss", StringComparison.Ordinal)).Split(',')[6]));
    }

    [Fact]
    public void Write_WhenACurveIsOverSigma_HasItsLevelsInTheCsvAndTheJson()
    {
        CompletedTrial first = input.Completed[0];
        CompletedTrial trial = first with
        {
            Trial = first.Trial with { Diagnostics = new DiagnosticsSpec { DenoisingError = true, Sigmas = [0.1, 0.5] } },
            Result = first.Result with
            {
                Curves = new Dictionary<string, float[]>(first.Result.Curves, StringComparer.Ordinal) { ["denoising_error"] = [0.25f, 0.75f] },
            },
        };
        ReportInput changed = input with { Completed = [trial, .. input.Completed.Skip(1)] };
        ReportDocument document = ReportBuilder.Build(changed);
        ReportWriter.WriteData(document, changed, folder);
        string[] lines = File.ReadAllLines(Path.Combine(folder, "curves.csv"));
        Assert.Equal("dataset,preprocessing,schedule,width,seed,curve,step,value,sigma", lines[0]);
        Assert.Equal(["denoising_error,,0.25,0.1", "denoising_error,,0.75,0.5"], lines[1..3].Select(l => string.Join(',', l.Split(',')[5..])));
        Assert.EndsWith(",log_likelihood,1," + first.Result.Curves["log_likelihood"][1].ToString("R") + ",", lines[4], StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "report.json")));
        JsonElement curves = json.RootElement.GetProperty("groups")[0].GetProperty("curves");
        Assert.Equal("sigma", curves.GetProperty("denoising_error").GetProperty("x_kind").GetString());
        Assert.Equal([0.1, 0.5], curves.GetProperty("denoising_error").GetProperty("x").EnumerateArray().Select(x => x.GetDouble()));
        Assert.False(curves.GetProperty("log_likelihood").TryGetProperty("x", out _));
        string markdown = ReportMarkdown.Of(document);
        Assert.Contains("## Diagnostics\n\n### Denoising error\n\n", markdown, StringComparison.Ordinal);
        Assert.Contains("| preprocessing | width | denoiser | sigma 0.1 | sigma 0.5 |", markdown, StringComparison.Ordinal);
        Assert.Contains("| standardize | 8 | network | 0.25 | 0.75 |", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("## Diagnostics", ReportMarkdown.Of(ReportBuilder.Build(input)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("=HYPERLINK(1)", "'=HYPERLINK(1)")]
    [InlineData("-arm", "'-arm")]
    [InlineData("@x,y", "\"'@x,y\"")]
    public void Text_WhenWritten_IsQuotedAndNoFormula(string text, string expected) => Assert.Equal(expected + "\r\n", Csv(csv => csv.Text(text)));

    [Fact]
    public void Number_WhenNegative_StaysANumber() =>
        Assert.Equal("-2.3,,1e-300\r\n", Csv(csv => csv.Number(-2.3).Number((double?)null).Number(1e-300)).Replace("E-300", "e-300", StringComparison.Ordinal));

    [Fact]
    public void Markdown_WhenWritten_HasEverySectionOfThePage()
    {
        string text = ReportMarkdown.Of(ReportBuilder.Build(input));
        string[] sections =
        [
            "## Final metrics", "### ica4", "## Steps to threshold", "## Paired comparisons", "## Failures", "## Notes", "## Spec", "## Environment",
        ];
        foreach (string section in sections)
            Assert.Contains(section, text, StringComparison.Ordinal);
        Assert.Contains("*true samples*", text, StringComparison.Ordinal);
        foreach (string row in text.Split('\n').Where(l => l.StartsWith("| log_likelihood |", StringComparison.Ordinal)))
            Assert.Equal(10, row.Split('|').Length - 1);
    }

    [Fact]
    public void Markdown_WhenWritten_HasTheBestSettingOfEachDataSet()
    {
        string text = ReportMarkdown.Of(ReportBuilder.Build(input));
        Assert.Contains("\n| data set | best setting, of how many | Log-likelihood, nats |", text, StringComparison.Ordinal);
        Assert.Matches(@"\n\| ica4 \| preprocessing gaussianize, width \d+ \(12\) \| -2\.\d+ \[", text);
        Assert.Matches(@"\n\| grid9 \| preprocessing gaussianize, width \d+ \(11; 1 without a value in some seed\) \|", text);

        // One data set needs no column.
        ReportInput one = input with
        {
            Spec = SyntheticSweep.Only("ica4"), Completed = [.. input.Completed.Where(t => t.Trial.Dataset.Name == "ica4")], Failed = [],
        };
        Assert.Contains("\n| best setting, of how many |", ReportMarkdown.Of(ReportBuilder.Build(one)), StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_WhenWritten_OpensWithTheAnswerAndListsEveryFindingLater()
    {
        ReportDocument document = ReportBuilder.Build(input);
        string[] parts = ReportMarkdown.Of(document).Split("## All findings");
        Assert.Equal(2, parts.Length);
        Assert.Contains(document.Answer.KeyFindings[^1], parts[0], StringComparison.Ordinal);
        Assert.DoesNotContain("ring8, at the end: ", parts[0], StringComparison.Ordinal);
        Assert.Equal(
            document.Answer.Sentences.Count, parts[1].Split("## Paired comparisons")[0].Split('\n').Count(l => l.StartsWith("- ", StringComparison.Ordinal)));
    }

    [Fact]
    public void NoteKind_WhenNotesDifferInNumbersAlone_CountsThemAsOne()
    {
        GroupSection group = ReportBuilder.Build(input).Groups[0];
        GroupSection noted = group with { Notes = ["component 0: 0.01 (seed 0)", "component 1: 2e-5 (seeds 1, 2)"] };
        NoteKind[] kinds = [.. NoteKind.Of([noted, group with { Notes = ["component 0: 0.01", "other"] }])];
        Assert.Equal([("component 0: 0.01 (seed 0)", 3, 2), ("other", 1, 1)], kinds.Select(k => (k.First, k.Count, k.Groups.Count)));
    }

    [Fact]
    public void Markdown_WhenNamesAreHostile_EscapesThem()
    {
        string text = ReportMarkdown.Of(Document(Hostile));
        Assert.DoesNotContain("<script", text.Split("## Spec")[0], StringComparison.Ordinal);
        Assert.Contains("\\| \\`x\\` \\*y\\*", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Fenced_WhenTextHoldsAFence_UsesALongerOne() => Assert.Equal("````\n```\nx\n````\n", MarkdownText.Fenced("", "```\nx\n"));

    private static ReportDocument Document(string name)
    {
        ReportInput named = SyntheticSweep.Input();
        return ReportBuilder.Build(named with { Spec = named.Spec with { Name = name } });
    }

    private static string Csv(Action<CsvWriter> write)
    {
        using MemoryStream stream = new();
        using (CsvWriter csv = new(stream))
        {
            write(csv);
            csv.EndRow();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
