using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>Kinds that do nothing, with every type of parameter: the reader is tested against these, whatever the real registries hold.</summary>
internal static class FakeCatalogue
{
    public static SpecCatalogue Instance { get; } = new()
    {
        Datasets = new KindCatalogue("dataset",
        [
            new("ring", "with a density",
                [Parameter.Integer("components", 8, 1, 100, "modes"), Parameter.Real("std", 0.08, "width", 0, 10, minimumExclusive: true)], _ => new Known()),
            new("gmm", "with a check of its own", [Parameter.Json("weights", required: true, "weights"), Parameter.Flag("rotated", false, "rotated")], Gmm),
            new("file", "points of a file", [Parameter.Text("path", null, "the file"), Parameter.Real("test_fraction", 0.2, "share", 0, 0.9)], File),
        ]),
        Preprocessings = new KindCatalogue("preprocessing",
        [
            new("none", "nothing", [], _ => new object()),
            new("standardize", "mean 0, variance 1", [], _ => new object()),
            new("whiten", "covariance I", [], _ => new object()),
            new("gaussianize", "ICA and KDE",
                [Parameter.Integer("layers", 1, 1, 64, "layers"), Parameter.RealOr("bandwidth", "isj", ["isj", "silverman"], "bandwidth", 0, 10,
                minimumExclusive: true), Parameter.Choice("contrast", "logcosh", ["logcosh", "exp", "cube"], "contrast")], _ => new object()),
        ]),
        Schedules = new KindCatalogue("schedule",
        [
            new("vp-linear", "linear beta", [Parameter.Real("beta_min", 0.1, "beta at 0", 0), Parameter.Real("beta_max", 20, "beta at 1", 0)],
                _ => new object()),
            new("vp-cosine", "cosine", [], _ => new object()),
            new("ve", "geometric", [], _ => new object()),
        ]),
        Samplers = new KindCatalogue("sampler",
        [
            new("ddpm", "ancestral", [], _ => new object()),
            new("ddim", "deterministic at eta 0", [Parameter.Real("eta", 0, "noise", 0, 1)], _ => new object()),
        ]),
        Grids = new KindCatalogue("grid",
        [
            new("native", "the schedule's", [], _ => new object()),
            new("karras", "powers", [Parameter.Real("rho", 7, "power", 1, 100)], _ => new object()),
        ]),
    };

    public static SpecReading Read(string text) => SpecReader.ReadText(text, "spec.yaml", Path.GetTempPath(), Instance);

    public static SweepSpec Valid(string text)
    {
        var reading = Read(text);
        Assert.Empty(reading.Errors);
        return reading.Spec!;
    }

    private static Known Gmm(ParameterValues values) =>
        values.Json("weights") is System.Text.Json.Nodes.JsonArray { Count: > 0 }
            ? new Known()
            : throw new KindException("weights: none; allowed: one per component");

    private static Unknown File(ParameterValues values) =>
        System.IO.File.ReadAllText(values.Text("path")).Contains("ragged", StringComparison.Ordinal)
            ? throw new KindException("data.csv:3: 2 columns; allowed: 3")
            : new Unknown();

    private sealed class Known : IDataset
    {
        public int Dimensions => 2;

        public IDensity? Density { get; } = new Flat();

        public IModes? Modes => null;

        public DatasetSplit Draw(SplitSizes sizes, ulong seed) => throw new NotSupportedException();
    }

    private sealed class Unknown : IDataset
    {
        public int Dimensions => 2;

        public IDensity? Density => null;

        public IModes? Modes => null;

        public DatasetSplit Draw(SplitSizes sizes, ulong seed) => throw new NotSupportedException();
    }

    private sealed class Flat : IDensity
    {
        public int Dimensions => 2;

        public void LogDensity(ReadOnlySpan<double> points, Span<double> nats) => nats.Clear();

        public void Score(ReadOnlySpan<double> points, Span<double> scores) => scores.Clear();
    }
}
