using System.Text.Json.Nodes;
using Sweep.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Preprocessing;

/// <summary>The form of <c>preprocessing.json</c>, by a sample that version 1 wrote: it must be readable for good.</summary>
public sealed class SavedPreprocessingTests
{
    [Fact]
    public void Load_OfTheCheckedInSample_GivesWhatItGaveThen()
    {
        var sample = Sample();
        var fitted = FittedPreprocessing.Load(sample["preprocessing"]!.AsObject());

        double[] latent = Numbers(sample, "latent");
        double[] data = Numbers(sample, "data");
        double[] logAbsDeterminant = Numbers(sample, "log_abs_determinant");
        Assert.Equal("gaussianize", fitted.Kind);
        Assert.Equal(2, fitted.Dimensions);
        var actual = new double[latent.Length];
        fitted.Inverse(latent, actual);
        AssertClose(data, actual, Tolerances.ReferenceRelative);
        var nats = new double[logAbsDeterminant.Length];
        fitted.LogAbsDeterminant(data, nats);
        AssertClose(logAbsDeterminant, nats, Tolerances.ReferenceRelative);
        fitted.Forward(data, actual);
        AssertClose(latent, actual, Tolerances.RoundTrip);
    }

    [Theory]
    [InlineData("version", "2", "saved preprocessing, version: 2; allowed: 1")]
    [InlineData("version", "null", "saved preprocessing, version: nothing; allowed: a count")]
    [InlineData("dimensions", "3", "saved preprocessing: layers of 2, 2, 2, 2 dimensions; allowed: 3")]
    [InlineData("kind", "1", "saved preprocessing, kind: 1; allowed: a string")]
    [InlineData("layers", "[{\"type\":\"fourier\"}]", "saved preprocessing, type: fourier; allowed: affine, marginal")]
    [InlineData("layers", "7", "saved preprocessing, layers: 7; allowed: a list of objects")]
    public void Load_OfWhatIsNone_SaysWhatIsWrong(string name, string value, string message)
    {
        var saved = Sample()["preprocessing"]!.AsObject();
        saved[name] = JsonNode.Parse(value);
        var e = Assert.Throws<PreprocessingException>(() => FittedPreprocessing.Load(saved));
        Assert.Equal(message, e.Message);
    }

    [Fact]
    public void Load_OfADamagedTable_SaysWhichAndNeverReadsBeyondIt()
    {
        var saved = Sample()["preprocessing"]!.AsObject();
        saved["layers"]![1]!["components"]![0]!["z"] = "AAAA";
        var e = Assert.Throws<PreprocessingException>(() => FittedPreprocessing.Load(saved));
        Assert.StartsWith("saved preprocessing, z: not base64 of ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfATableThatIsNotIncreasing_Says()
    {
        var saved = Sample()["preprocessing"]!.AsObject();
        var component = saved["layers"]![1]!["components"]![0]!;
        component["z"] = component["slope"]!.DeepClone();
        var e = Assert.Throws<PreprocessingException>(() => FittedPreprocessing.Load(saved));
        Assert.StartsWith("saved preprocessing, component 0: knot ", e.Message, StringComparison.Ordinal);
    }

    private static JsonObject Sample() => JsonNode.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Diffusion", "Preprocessing", "Data", "preprocessing-v1.json")))!.AsObject();

    private static double[] Numbers(JsonObject sample, string name) => [.. sample[name]!.AsArray().Select(v => v!.GetValue<double>())];

    private static void AssertClose(double[] expected, double[] actual, double relative)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], relative * (1 + Math.Abs(expected[i])));
    }
}
