using System.Text.Json.Nodes;
using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Preprocessing;

/// <summary>The promises of <see cref="IPreprocessing"/> and <see cref="IFittedPreprocessing"/>, for any kind.</summary>
/// <param name="kind">The kind's name in a spec.</param>
/// <param name="parameters">Parameters that differ from their defaults, as JSON.</param>
public abstract class PreprocessingConformance(string kind, string parameters = "{}")
{
    private const int Dimensions = 3;
    private const double Deviation = 1.3;

    /// <summary>What every kind must take without loss.</summary>
    public static TheoryData<string> Samples => new(["mixture", "normal", "offset", "few", "small scale"]);

    /// <summary>Ties, outliers and gaps of a thousand standard deviations of a mode.</summary>
    public static TheoryData<string> RoughSamples => new(["integers", "heavy", "far modes"]);

    [Theory]
    [MemberData(nameof(Samples))]
    public void Inverse_OfForward_IsTheIdentityNearAndFar(string sample) => AssertRoundTrip(sample, [0, 1, 5, 50]);

    [Theory]
    [MemberData(nameof(RoughSamples))]
    public void Inverse_OfForwardOfRoughTrainingPoints_IsTheIdentity(string sample) => AssertRoundTrip(sample, [0]);

    private protected void AssertRoundTrip(string sample, double[] spreads)
    {
        var training = Draw(sample);
        var fitted = Fit(training);
        foreach (double spread in spreads)
        {
            double[] x = Spread(training, spread);
            double[] back = Inverse(fitted, Forward(fitted, x));
            double[] scale = Scale(training);
            for (int i = 0; i < x.Length; i++)
            {
                Assert.True(
                    Math.Abs(back[i] - x[i]) <= Tolerances.RoundTrip * (Math.Abs(x[i]) + scale[i % Dimensions]),
                    $"{sample}, {spread} standard deviations out: {x[i]:r} came back as {back[i]:r}");
            }
        }
    }

    [Theory]
    [InlineData("mixture")]
    [InlineData("normal")]
    [InlineData("few")]
    [InlineData("far modes")]
    public void Forward_OfInverse_IsTheIdentityNearAndFar(string sample)
    {
        var fitted = Fit(Draw(sample));
        foreach (double spread in new[] { 0.1, 1, 5, 50 })
        {
            double[] z = Normal(600, 9);
            for (int i = 0; i < z.Length; i++)
                z[i] *= spread;
            double[] back = Forward(fitted, Inverse(fitted, z));
            for (int i = 0; i < z.Length; i++)
                Assert.True(Math.Abs(back[i] - z[i]) <= Tolerances.RoundTrip * (1 + Math.Abs(z[i])), $"{sample}: {z[i]:r} came back as {back[i]:r}");
        }
    }

    /// <summary>By <see cref="IPreprocessing.Needs"/> a spec's check says what will fail, before anything runs.</summary>
    [Theory]
    [InlineData("constant", FitNeeds.VaryingColumns)]
    [InlineData("dependent", FitNeeds.IndependentColumns)]
    [InlineData("few", FitNeeds.IndependentColumns)]
    public void Fit_WithoutWhatItNeeds_FailsAndOtherwiseDoesNot(string flaw, FitNeeds need)
    {
        double[] values = [.. Normal(flaw == "few" ? Dimensions : 400, 5)];
        for (int i = 0; i < values.Length && flaw != "few"; i += Dimensions)
            values[i + 2] = flaw == "constant" ? 7 : values[i] + values[i + 1];
        var training = new PointSet(values, Dimensions) { ColumnNames = ["height", "weight", "third"] };
        var preprocessing = PreprocessingTestKinds.Create(kind, parameters);

        Exception? error = Record.Exception(() => preprocessing.Fit(training, 1, CancellationToken.None));

        if (!preprocessing.Needs.HasFlag(need))
            Assert.Null(error);
        else
            Assert.Contains(flaw == "few" ? $"{Dimensions} columns" : "third", Assert.IsType<PreprocessingException>(error).Message, StringComparison.Ordinal);
    }

    /// <summary>Squares of such numbers are no numbers: whoever needs them says which column, and who doesn't takes the points.</summary>
    [Theory]
    [InlineData(1e-170)]
    [InlineData(1e-312)]
    [InlineData(1e160)]
    public void Fit_WhenAColumnCanNotBeSquared_NamesIt(double scale)
    {
        double[] values = [.. Normal(400, 5)];
        for (int i = 2; i < values.Length; i += Dimensions)
            values[i] *= scale;
        var training = new PointSet(values, Dimensions) { ColumnNames = ["height", "weight", "third"] };
        var preprocessing = PreprocessingTestKinds.Create(kind, parameters);

        Exception? error = Record.Exception(() => preprocessing.Fit(training, 1, CancellationToken.None));

        if (!preprocessing.Needs.HasFlag(FitNeeds.VaryingColumns))
            Assert.Null(error);
        else
            Assert.StartsWith($"column third is too {(scale < 1 ? "narrow" : "wide")}: ", Assert.IsType<PreprocessingException>(error).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void LogAbsDeterminant_NearAndFar_IsThatOfTheDifferences(string sample)
    {
        var training = Draw(sample);
        var fitted = Fit(training);
        double[] scale = Scale(training);
        foreach (double spread in new[] { 0.3, 3 })
        {
            double[] x = Spread(training, spread)[..(Math.Min(60, training.Count) * Dimensions)];
            var nats = new double[x.Length / Dimensions];
            fitted.LogAbsDeterminant(x, nats);
            for (int i = 0; i < nats.Length; i++)
            {
                var point = x.AsSpan(i * Dimensions, Dimensions);
                // On a steep flank a long step is crooked, on a plateau a short one drowns in rounding: one of them must agree.
                double nearest = double.NaN;
                foreach (double step in new[] { 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8 })
                {
                    double expected = Math.Log(Math.Abs(Jacobian(fitted, point, scale, step).Determinant()));
                    if (double.IsNaN(nearest) || Math.Abs(expected - nats[i]) < Math.Abs(nearest - nats[i]))
                        nearest = expected;
                }

                Assert.True(
                    Math.Abs(nearest - nats[i]) <= Tolerances.LogDeterminantDifference,
                    $"{sample}: {nats[i]:r} at row {i}, differences say {nearest:r}");
            }
        }
    }

    [Fact]
    public void LogAbsDeterminant_OfManyRows_DoesNotDependOnItsNeighbours()
    {
        var training = Draw("mixture");
        var fitted = Fit(training);
        double[] x = Spread(training, 1);
        var all = new double[x.Length / Dimensions];
        fitted.LogAbsDeterminant(x, all);
        for (int i = 0; i < all.Length; i += 97)
        {
            var one = new double[1];
            fitted.LogAbsDeterminant(x.AsSpan(i * Dimensions, Dimensions), one);
            Assert.Equal(all[i], one[0]);
        }
    }

    [Fact]
    public void Fit_Twice_GivesBitEqualMaps()
    {
        var training = Draw("mixture");
        double[] z = Normal(200, 4);
        Assert.Equal(Inverse(Fit(training), z), Inverse(Fit(training), z));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    [MemberData(nameof(RoughSamples))]
    public void Load_OfSaved_GivesBitEqualResults(string sample)
    {
        var training = Draw(sample);
        var fitted = Fit(training);
        string text = fitted.Save().ToJsonString();
        var loaded = FittedPreprocessing.Load(JsonNode.Parse(text)!.AsObject());

        double[] z = Normal(500, 4);
        double[] x = Inverse(fitted, z);
        Assert.Equal(x, Inverse(loaded, z));
        Assert.Equal(Forward(fitted, x), Forward(loaded, x));
        var (expected, actual) = (new double[500], new double[500]);
        fitted.LogAbsDeterminant(x, expected);
        loaded.LogAbsDeterminant(x, actual);
        Assert.Equal(expected, actual);
        Assert.Equal(text, loaded.Save().ToJsonString());
        Assert.Equal(kind, loaded.Kind);
    }

    [Fact]
    public void ForwardAndInverse_InPlace_GiveTheSame()
    {
        var training = Draw("mixture");
        var fitted = Fit(training);
        double[] x = Spread(training, 1);
        double[] expected = Forward(fitted, x);
        double[] inPlace = [.. x];
        fitted.Forward(inPlace, inPlace);
        Assert.Equal(expected, inPlace);
        double[] back = Inverse(fitted, expected);
        fitted.Inverse(inPlace, inPlace);
        Assert.Equal(back, inPlace);
    }

    [Fact]
    public void Fit_LeavesTheTrainingPointsAloneAndKeepsNone()
    {
        var training = Draw("mixture");
        double[] copy = [.. training.Values];
        var fitted = Fit(training);
        Assert.Equal(copy, training.Values);
        double[] z = Normal(100, 4);
        double[] before = Inverse(fitted, z);
        Array.Clear(training.Values);
        Assert.Equal(before, Inverse(fitted, z));
    }

    [Fact]
    public void Fit_OfNotANumber_NamesTheColumn()
    {
        var training = Draw("mixture");
        training.Values[(7 * Dimensions) + 2] = double.NaN;
        var e = Assert.Throws<PreprocessingException>(() => Fit(training));
        Assert.Contains("point 7, column 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ForwardAndInverse_OfNoPoints_DoNothing()
    {
        var fitted = Fit(Draw("mixture"));
        fitted.Forward([], []);
        fitted.Inverse([], []);
        fitted.LogAbsDeterminant([], []);
        Assert.Equal(Dimensions, fitted.Dimensions);
    }

    [Fact]
    public void Forward_OfWrongSizes_Throws()
    {
        var fitted = Fit(Draw("mixture"));
        Assert.Throws<ArgumentException>(() => fitted.Forward(new double[6], new double[3]));
        Assert.Throws<ArgumentException>(() => fitted.Inverse(new double[4], new double[4]));
        Assert.Throws<ArgumentException>(() => fitted.LogAbsDeterminant(new double[6], new double[3]));
    }

    [Fact]
    public void RoundTripError_AfterFit_IsWithinThePromise() =>
        Assert.InRange(((FittedPreprocessing)Fit(Draw("mixture"))).Diagnostics.RoundTripError, 0, Tolerances.RoundTrip);

    private IFittedPreprocessing Fit(PointSet training) =>
        PreprocessingTestKinds.Create(kind, parameters).Fit(training, 17, TestContext.Current.CancellationToken);

    private static double[] Forward(IFittedPreprocessing fitted, double[] x)
    {
        var z = new double[x.Length];
        fitted.Forward(x, z);
        return z;
    }

    private static double[] Inverse(IFittedPreprocessing fitted, double[] z)
    {
        var x = new double[z.Length];
        fitted.Inverse(z, x);
        return x;
    }

    private static double[] Normal(int rows, ulong seed)
    {
        var stream = new PhiloxStream(seed, NoisePurpose.InitialNoise);
        var values = new double[rows * Dimensions];
        stream.FillNormal(values);
        return values;
    }

    /// <summary>Three correlated columns of independent sources of different shapes.</summary>
    private static PointSet Draw(string sample)
    {
        int n = sample switch { "few" => 16, _ => 1200 };
        var stream = new PhiloxStream(11, NoisePurpose.TrainingPoints);
        var x = new double[n * Dimensions];
        for (int i = 0; i < n; i++)
        {
            double Mode(double gap, double std) => ((stream.NextInt(2) - 0.5) * gap) + (std * stream.NextNormal());
            double a = Mode(2, 0.2), b = Mode(1, 0.4), c = stream.NextDouble();
            (a, b, c) = sample switch
            {
                "normal" => (stream.NextNormal(), stream.NextNormal(), stream.NextNormal()),
                "heavy" => (stream.NextNormal() / stream.NextDouble(), b, c),
                "far modes" => (Mode(2, 0.001), Mode(100, 1), c),
                _ => (a, b, c),
            };
            var row = x.AsSpan(i * Dimensions, Dimensions);
            row[0] = a + (0.5 * b);
            row[1] = b - (0.3 * c);
            row[2] = c + (0.2 * a);
            switch (sample)
            {
                case "integers":
                    for (int j = 0; j < Dimensions; j++)
                        row[j] = Math.Round(2 * row[j]);
                    break;
                case "offset":
                    for (int j = 0; j < Dimensions; j++)
                        row[j] = 1e6 + (1e-3 * row[j]);
                    break;
                case "small scale":
                    row[0] *= 1e-9;
                    row[1] *= 1e6;
                    break;
            }
        }

        return new PointSet(x, Dimensions);
    }

    /// <summary>The training points, moved by normal noise of so many standard deviations.</summary>
    private static double[] Spread(PointSet training, double deviations)
    {
        double[] scale = Scale(training);
        double[] noise = Normal(training.Count, 23);
        double[] x = [.. training.Values];
        for (int i = 0; i < x.Length; i++)
            x[i] += deviations * Deviation * scale[i % Dimensions] * noise[i];
        return x;
    }

    private static double[] Scale(PointSet training)
    {
        var scale = new double[Dimensions];
        for (int j = 0; j < Dimensions; j++)
        {
            var column = Enumerable.Range(0, training.Count).Select(i => training.Values[(i * Dimensions) + j]).ToArray();
            double mean = column.Average();
            scale[j] = Math.Sqrt(column.Average(v => (v - mean) * (v - mean)));
        }

        return scale;
    }

    /// <summary>By central differences, with steps in standard deviations.</summary>
    private static Matrix<double> Jacobian(IFittedPreprocessing fitted, ReadOnlySpan<double> point, double[] scale, double relativeStep)
    {
        var jacobian = Matrix<double>.Build.Dense(Dimensions, Dimensions);
        for (int j = 0; j < Dimensions; j++)
        {
            double step = relativeStep * scale[j];
            double[] two = [.. point, .. point];
            two[j] += step;
            two[Dimensions + j] -= step;
            double width = two[j] - two[Dimensions + j];
            double[] z = Forward(fitted, two);
            for (int i = 0; i < Dimensions; i++)
                jacobian[i, j] = (z[i] - z[Dimensions + i]) / width;
        }

        return jacobian;
    }
}
