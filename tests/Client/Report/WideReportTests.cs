using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sweep.Client.Report;
using Sweep.Grains.Comparison.Report;
using Sweep.Tests.Client.Dashboard.Browser;
using Sweep.Tests.Grains.Comparison.Report;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Sweep.Tests.Client.Report;

/// <summary>The report of 20 datasets, 6 arms and 10 widths: a file and a page of a size that one reads.</summary>
public sealed class WideReportTests(Chromium chromium) : IDisposable
{
    private const int MaxBytes = 4_000_000, MaxPixels = 5000;

    /// <summary>Labels of one chart that lie over one another, other than by a pixel.</summary>
    private const string Overlapping =
        """
        () => [...document.querySelectorAll('.chart svg')].flatMap(chart => {
          const all = [...chart.querySelectorAll('text')].filter(t => t.textContent.trim() !== '')
            .map(t => ({ text: t.textContent, at: t.getBoundingClientRect() }));
          return all.flatMap((a, i) => all.slice(i + 1).filter(b => Math.min(a.at.right, b.at.right) - Math.max(a.at.left, b.at.left) > 1
            && Math.min(a.at.bottom, b.at.bottom) - Math.max(a.at.top, b.at.top) > 4).map(b => `${a.text} over ${b.text}`));
        })
        """;

    private static readonly Regex Width = new(@"^width \d+$", RegexOptions.None, TimeSpan.FromSeconds(5));

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-wide-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Page_OfManyDataSets_OpensWithAMapAndDrawsTheRestWhenAsked()
    {
        ReportInput input = WideSweep.Input();
        ReportWriter.Write(ReportBuilder.Build(input), input, _folder);
        Assert.InRange(new FileInfo(Path.Combine(_folder, "index.html")).Length, 1, MaxBytes);
        await using Visit visit = await chromium.VisitFilesAsync(_folder, width: 1440);
        await visit.OpenAsync("/index.html");

        ILocator map = visit.Page.Locator(".map .chart");
        await Expect(map.Locator("svg")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("section h2").First).ToHaveTextAsync("Every data set by preprocessing");
        Assert.InRange(await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollHeight"), 1000, MaxPixels);
        Assert.False(await visit.OverflowsAsync());
        Assert.Empty(await visit.AxeAsync());

        // A pressed cell's row is what the figures show.
        ILocator dataset = visit.Page.Locator(".selectors select").First;
        await map.Locator("text", new LocatorLocatorOptions { HasTextString = "ica7" }).WaitForAsync();
        LocatorBoundingBoxResult label = (await map.Locator("text", new LocatorLocatorOptions { HasTextString = "ica7" }).BoundingBoxAsync())!;
        LocatorBoundingBoxResult box = (await map.BoundingBoxAsync())!;
        Position cell = new() { X = label.X + label.Width + 40 - box.X, Y = label.Y + (label.Height / 2) - box.Y };
        await map.ClickAsync(new LocatorClickOptions { Position = cell });
        await Expect(dataset).ToHaveValueAsync("ica7");
        await Expect(visit.Page.Locator("#answer figcaption").First).ToContainTextAsync("At dataset ica7.");

        // Figures are drawn when their section is opened, of one data set, and of one width if it is picked.
        Assert.Equal(0, await visit.Page.Locator("#curves figure").CountAsync());
        foreach (string section in (string[])["curves", "finals", "scatters", "steps", "loss", "comparisons"])
        {
            await visit.Page.Locator($"#{section} summary").First.ClickAsync();
            await Expect(visit.Page.Locator($"#{section} .chart svg").First).ToBeVisibleAsync();
            await visit.Page.Locator($"#{section} .chart").Last.ScrollIntoViewIfNeededAsync();
            await Expect(visit.Page.Locator($"#{section} .chart svg").Last).ToBeVisibleAsync();
        }

        ILocator panels = visit.Page.Locator("#curves svg text", new PageLocatorOptions { HasTextRegex = Width });
        await Expect(panels).ToHaveCountAsync(10);
        await Expect(visit.Page.Locator("#comparisons .status")).ToContainTextAsync("55 of ");
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Overlapping));
        await visit.Page.Locator(".selectors select").Last.SelectOptionAsync("64");
        await visit.Page.Locator("#curves").ScrollIntoViewIfNeededAsync();
        await Expect(panels).ToHaveTextAsync(["width 64"]);
        await Expect(visit.Page.Locator(".map figcaption")).ToContainTextAsync("at width 64");
        visit.AssertClean();
    }

    [Fact]
    public async Task Page_OnAPhone_KeepsWithinIt()
    {
        ReportInput input = WideSweep.Input();
        ReportWriter.Write(ReportBuilder.Build(input), input, _folder);
        await using Visit visit = await chromium.VisitFilesAsync(_folder, width: 390, ColorScheme.Dark);
        await visit.OpenAsync("/index.html");
        await Expect(visit.Page.Locator(".map .chart svg")).ToBeVisibleAsync();
        Assert.False(await visit.OverflowsAsync());
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Overlapping));
        Assert.Empty(await visit.AxeAsync());
        visit.AssertClean();
    }

    /// <summary>What the page has lost against report.json is below what can be seen.</summary>
    [Fact]
    public void Element_OfALargeReport_KeepsWhatIsDrawn()
    {
        ReportDocument document = ReportBuilder.Build(WideSweep.Input());
        string element = PageData.Element(document);

        Assert.StartsWith("<script type=\"text/plain\" id=\"report-packed\">", element, StringComparison.Ordinal);
        using var packed = new MemoryStream(Convert.FromBase64String(element[(element.IndexOf('>', StringComparison.Ordinal) + 1)..^"</script>".Length]));
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        JsonArray groups = JsonNode.Parse(gzip)!["groups"]!.AsArray();
        Assert.Equal(document.Groups.Count, groups.Count);
        for (int g = 0; g < groups.Count; g += 97)
        {
            foreach ((string name, CurveSummary curve) in document.Groups[g].Curves)
            {
                JsonNode kept = groups[g]!["curves"]![name]!;
                for (int i = 0; i < curve.Mean.Count; i++)
                {
                    float mean = curve.Mean[i]!.Value, high = curve.CiHigh[i]!.Value;
                    float lost = name == "training_loss" ? 1e-4f * Math.Abs(mean) : 0.00051f + (1e-6f * Math.Abs(mean));
                    Assert.Equal(mean, kept["mean"]![i]!.GetValue<float>(), lost);
                    Assert.Equal(high - mean, kept["ci_half"]![i]!.GetValue<float>(), (0.051f * (high - mean)) + 1e-6f);
                }
            }

            double value = document.Groups[g].Metrics["log_likelihood"].Mean!.Value;
            Assert.Equal(value, groups[g]!["metrics"]!["log_likelihood"]!["mean"]!.GetValue<double>(), 1e-6 * Math.Abs(value));
        }
    }
}
