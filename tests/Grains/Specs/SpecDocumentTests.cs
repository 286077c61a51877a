using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Metrics;
using Sweep.Grains.Specs.Expectations;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>docs/spec.md and examples/ against the registries and the reader.</summary>
public sealed class SpecDocumentTests
{
    private static readonly string Root = FindRoot();

    private static readonly string[] Document = File.ReadAllLines(Path.Combine(Root, "docs", "spec.md"));

    public static TheoryData<string, string> Kinds { get; } = new(
        from seam in new[] { SpecCatalogue.Default.Datasets, SpecCatalogue.Default.Preprocessings, SpecCatalogue.Default.Schedules,
            SpecCatalogue.Default.Samplers, SpecCatalogue.Default.Grids }
        from kind in seam.Kinds
        select (seam.Seam, kind.Name));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Document_Always_HasEveryKindWithItsParametersAndDefaults(string seam, string name)
    {
        Assert.True(SpecCatalogue.Default.Of(seam).TryGet(name, out var kind));
        var row = Assert.Single(Document, l => l.StartsWith($"| `{name}` |", StringComparison.Ordinal));
        Assert.All(kind.Parameters, p => Assert.Contains($"`{p.Name}` ({Default(p)})", row, StringComparison.Ordinal));
    }

    [Fact]
    public void Document_Always_HasEveryKeyOfEverySectionWithDefaultAndRange()
    {
        foreach (var key in SpecSections.All.SelectMany(s => s.Keys))
        {
            var allowed = key.Seam is null ? ParameterReader.Allowed(key.Parameter) : "a " + key.Seam;
            Assert.Contains(Document, l => l.StartsWith($"| `{key.Name}` | {Default(key.Parameter)} | {allowed}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Document_Always_HasEveryKeyOfDiagnostics() =>
        Assert.All(DiagnosticsSection.Keys, k => Assert.Contains($"| `{k.Name}` | {k.Default} | {k.Allowed} | {k.Summary} |", Document));

    [Fact]
    public void Document_Always_HasEveryMetric() =>
        Assert.All(MetricKinds.All, m => Assert.True(
            Document.Any(l => l.StartsWith('|') && l.Contains($"`{m.Name}`", StringComparison.Ordinal)),
                $"docs/spec.md, Metrics, lacks | `{m.Name}` | what it needs | {m.Explanation} |"));

    /// <summary>Its conditions, and the example of expectations beside axes of those names.</summary>
    [Fact]
    public void Document_Always_ShowsExpectationsThatAreRead()
    {
        var yaml = Document.SkipWhile(l => l != "## expect").SkipWhile(l => l != "```yaml").Skip(1).TakeWhile(l => l != "```");
        const string Axes =
            "sweep: s\nseeds: 3\naxes:\n  dataset: [{kind: gmm-product, name: ica4}, gmm-ring]\n  width: [8, 16, 32]\n  preprocessing: [standardize, "
                + "whiten, gaussianize]\n";
        Assert.Empty(SpecReader.ReadText(Axes + string.Join('\n', yaml), "spec.md", Root, SpecCatalogue.Default).Errors);
        var places = Document.SkipWhile(l => !l.StartsWith("A claim may be about several places", StringComparison.Ordinal)).SkipWhile(l => l != "```yaml")
            .Skip(1).TakeWhile(l => l != "```");
        const string Places =
            "sweep: s\nseeds: 3\naxes:\n  dataset: {kind: gmm, means: [[-1], [1]], covariances: [1, 1]}\n  preprocessing: none\n  schedule: edm\n  "
                + "network.kind: exact\n"
            + "  network.score_error: [0, 0.1, 0.2, 0.4]\n  sampling.grid: [geometric, karras]\ndiagnostics: {explained_share: [gaussian, identity]}\n";
        Assert.Empty(SpecReader.ReadText(Places + string.Join('\n', places), "spec.md", Root, SpecCatalogue.Default).Errors);
        var conditions = Document.Where(l => l.StartsWith("| `\"", StringComparison.Ordinal)).SelectMany(l => l.Split('`').Where((_, i) => i % 2 == 1))
            .Where(c => c.StartsWith('"')).ToList();
        Assert.True(conditions.Count >= 9);
        Assert.All(conditions, c => Assert.NotNull(ConditionReader.Read(c.Trim('"').Replace("\\|", "|", StringComparison.Ordinal), out _)));
    }

    [Fact]
    public void TuningPage_Always_HasEveryKeyOfTuning()
    {
        var page = File.ReadAllLines(Path.Combine(Root, "docs", "tuning.md"));
        Assert.All(TuneReader.Names, n => Assert.Single(page, l => l.StartsWith($"| `{n}` | ", StringComparison.Ordinal)));
        Assert.All(TuneReader.Keys, k => Assert.Contains(page, l => l.StartsWith($"| `{k.Name}` | {Default(k)} | ", StringComparison.Ordinal)
            && l.Contains($" | {(k.Name == "repeats" ? "1, or as many as the sweep has seeds" : ParameterReader.Allowed(k))} | ", StringComparison.Ordinal)));
    }

    [Fact]
    public void SearchPage_Always_HasEveryKeyOfASearchAndOfARange()
    {
        var page = File.ReadAllLines(Path.Combine(Root, "docs", "search.md"));
        Assert.All(SearchReader.Keys, k => Assert.Contains(page, l => l.StartsWith($"| `{k.Name}` | ", StringComparison.Ordinal)
            && l.Contains($" | {ParameterReader.Allowed(k)} | ", StringComparison.Ordinal)));
        Assert.Contains(page, l => l.StartsWith("| `scale` | linear | ", StringComparison.Ordinal)
            && l.Contains(string.Join(", ", AxisRange.Scales), StringComparison.Ordinal));
        var yaml = page.SkipWhile(l => l != "```yaml").Skip(1).TakeWhile(l => l != "```");
        Assert.Empty(SpecReader.ReadText("sweep: s\n" + string.Join('\n', yaml), "search.md", Root, SpecCatalogue.Default).Errors);
    }

    [Fact]
    public void Document_Always_OpensWithAValidSpec()
    {
        var yaml = Document.SkipWhile(l => l != "```yaml").Skip(1).TakeWhile(l => l != "```");
        Assert.Empty(SpecReader.ReadText(string.Join('\n', yaml), "spec.md", Root, SpecCatalogue.Default).Errors);
    }

    [Fact]
    public void Document_Always_ShowsErrorsAsTheyRead()
    {
        var reading = SpecReader.ReadText(
            "sweep: s\nsampling: {stpes: 5}\naxes:\n  dataset: gmm-ring\n  width: [8, -16]\n  schedule: vp-liner\n", "sweep.yaml", Root, SpecCatalogue.Default);
        Assert.Equal(3, reading.Errors.Count);
        Assert.All(reading.Errors, e => Assert.Contains(e.ToString(), Document));
    }

    [Theory]
    [InlineData("papers/gaussianization", 432)]
    [InlineData("papers/gaussianization-bifurcation", 54)]
    [InlineData("papers/gaussianization-ring", 144)]
    [InlineData("papers/gaussianization-bandwidth", 108)]
    [InlineData("papers/gaussianization-layers", 180)]
    [InlineData("papers/gaussian-score", 216)]
    [InlineData("papers/gaussian-score-regrid", 432)]
    [InlineData("papers/design-space", 1056)]
    [InlineData("papers/design-training", 504)]
    [InlineData("papers/gaussianization-full", 2880)]
    [InlineData("papers/gaussianization-bifurcation-full", 360)]
    [InlineData("papers/gaussian-score-full", 1440)]
    [InlineData("papers/design-space-full", 7040)]
    [InlineData("papers/design-training-full", 3360)]
    [InlineData("papers/gaussianization-fit", 108)]
    [InlineData("papers/gaussianization-collapse", 48)]
    [InlineData("papers/gaussian-score-references", 12)]
    [InlineData("papers/gaussian-score-components", 24)]
    [InlineData("papers/design-schedules", 576)]
    [InlineData("papers/design-dimension", 216)]
    [InlineData("papers/gaussianization-ring-full", 960)]
    [InlineData("papers/gaussianization-layers-full", 600)]
    [InlineData("papers/gaussianization-bandwidth-full", 360)]
    [InlineData("papers/gaussianization-fit-full", 360)]
    [InlineData("papers/gaussianization-collapse-full", 160)]
    [InlineData("papers/gaussian-score-regrid-full", 2880)]
    [InlineData("papers/gaussian-score-references-full", 120)]
    [InlineData("papers/gaussian-score-components-full", 160)]
    [InlineData("papers/design-schedules-full", 3840)]
    [InlineData("papers/design-dimension-full", 720)]
    [InlineData("quickstart", 108)]
    [InlineData("breast-cancer", 80)]
    [InlineData("design-axes", 120)]
    [InlineData("references", 50)]
    [InlineData("search", 192)]
    public void Read_WhenItIsAnExample_IsValid(string name, int trials)
    {
        var reading = SpecReader.Read(Path.Combine(Root, "examples", name + ".yaml"));
        Assert.Empty(reading.Errors);
        Assert.Equal(trials, reading.Spec!.TrialCount);
        Assert.Equal(Path.GetFileName(name), reading.Spec.Name);
    }

    private static string Default(Parameter p) => p.Required ? "required" : p.DefaultValue is null ? "optional" : ReadAxis.Text(p.DefaultValue);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sweep.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Sweep.sln is above no folder of the tests");
        return folder;
    }
}
