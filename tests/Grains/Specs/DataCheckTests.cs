using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>What is known of the data before a trial runs, with the real kinds.</summary>
public sealed class DataCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-data-check-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_AConstantColumn_NamesItAndWhatCantBeFitted()
    {
        Write("height,weight,batch_no", i => $"{i % 7}.{i},{Math.Sin(i):r},7");

        DataReport report = Check("preprocessing: [none, standardize]");

        Assert.Equal(
            "3: dataset d: column batch_no (7) is constant: preprocessing standardize can't be fitted (leave out with except: [batch_no])",
                Assert.Single(Lines(report)));
        Assert.Equal([("d", "standardize")], report.Unfit);
        Assert.False(report.NothingFits);
        Assert.True(Check("preprocessing: [standardize, whiten]").NothingFits);
    }

    [Fact]
    public void Of_FewerPointsThanColumns_SaysWhatCantBeFitted()
    {
        SpecReading reading =
            Read("sweep: s\nseeds: 2\naxes:\n  dataset: [{kind: gmm-random, name: r, dimensions: 32}]\n  preprocessing: [standardize, whiten, "
            + "gaussianize]\ntraining: {points: 20}\n");

        Assert.Equal(
            ["4: dataset r: 20 training points for 32 columns: preprocessing whiten, gaussianize can't be fitted (allowed: more points than columns)"],
                Lines(DataCheck.Of(reading)));
    }

    [Fact]
    public void Of_FewerPointsInSomeTrials_SaysInWhich()
    {
        SpecReading reading =
            Read("sweep: s\naxes:\n  dataset: [{kind: gmm-random, dimensions: 32}]\n  preprocessing: whiten\n  training.points: [20, 30, 400]\n");
        DataReport report = DataCheck.Of(reading);

        Assert.Equal(
            ["3: dataset gmm-random: 30 training points for 32 columns where training.points is 30: preprocessing whiten can't be fitted (allowed: more "
                + "points than columns)"], Lines(report));
        Assert.False(report.NothingFits);
    }

    [Fact]
    public void Of_AnIndexACategoryAndASum_SaysWhatEachIs()
    {
        Write("id,flag,a,b,total",
            i => FormattableString.Invariant($"{i},{(i * i % 3 == 0 ? "True" : "False")},{Math.Sin(i)},{Math.Cos(i * i)},{Math.Sin(i) + Math.Cos(i * i)}"));

        Assert.Equal(
            [
                "3: dataset d: column id numbers the rows, which is not a quantity to model (leave out with except: [id])",
                "3: dataset d: column flag (0, 1) takes few values: categories, between which samples will lie (leave out with except: [flag])",
                "3: dataset d: column total follows linearly from a, b: preprocessing whiten can't be fitted (leave out with except: [total])",
            ],
            Lines(Check("preprocessing: [standardize, whiten]")));
    }

    [Fact]
    public void Of_ALattice_SpeaksOfItWhereALikelihoodIsAskedFor()
    {
        Write("count,x", i => FormattableString.Invariant($"{i * 37 % 101},{Math.Sin(i)}"));

        Assert.Empty(Lines(Check("preprocessing: standardize")));
        Assert.Equal(
            ["3: dataset d: column count (in steps of 1) lies on a lattice: there is no density, and diagnostics.likelihood falls without end as a model "
                + "learns it"],
            Lines(Check("preprocessing: standardize", "diagnostics: {likelihood: true}\n")));
    }

    [Fact]
    public void Of_AColumnThatSomeSeedsSplitLeavesConstant_NamesTheSeeds()
    {
        Write("x,rare", i => FormattableString.Invariant($"{Math.Sin(i)},{(i == 5 ? 1 : 0)}"));

        string warning =
            Assert.Single(Lines(Check("preprocessing: standardize", "seeds: 12\n")), l => l.Contains("holds them all out", StringComparison.Ordinal));

        Assert.StartsWith("3: dataset d: column rare varies in so few distinct rows that seed ", warning, StringComparison.Ordinal);

        // Many rows, but eight that differ: the split is of those.
        Write("a,b,c", i => $"{i & 1},{(i >> 1) & 1},{(i >> 2) & 1}");
        Assert.Contains(Lines(Check("preprocessing: standardize", "seeds: 30\n")), l => l.Contains("holds them all out", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_AFile_SaysWhatWasReadAndGuessed()
    {
        File.WriteAllText(Path.Combine(_folder, "d.csv"),
            "x;y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i}{i},5;{(i == 3 ? "" : $"{i * i}")}\n")));

        FileFacts file = Assert.Single(DataCheck.Of(Read("sweep: s\naxes:\n  dataset: {kind: file, name: d, path: d.csv, missing: drop}\n")).Files);

        Assert.Equal(("d", 39, 1, 39), (file.Dataset, file.Rows, file.DroppedRows, file.DistinctRows));
        Assert.Equal(["x", "y"], file.Columns);
        Assert.Equal(["fields separated by a semicolon", "decimal comma"], file.Guesses);
    }

    private static List<string> Lines(DataReport report) => [.. report.Warnings.Select(w => $"{w.Line}: {w.Message}")];

    private void Write(string header, Func<int, string> row) =>
        File.WriteAllText(Path.Combine(_folder, "d.csv"), header + "\n" + string.Concat(Enumerable.Range(0, 120).Select(i => row(i) + "\n")));

    private DataReport Check(string axis, string more = "") =>
        DataCheck.Of(Read($"sweep: s\naxes:\n  dataset: {{kind: file, name: d, path: d.csv}}\n  {axis}\n{more}"));

    private SpecReading Read(string text)
    {
        SpecReading reading = SpecReader.ReadText(text, "spec.yaml", _folder, SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        return reading;
    }
}
