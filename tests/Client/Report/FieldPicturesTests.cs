using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Sweep.Client.Report;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Silo;
using Xunit;

namespace Sweep.Tests.Client.Report;

/// <summary>What a run's report holds of latent space, the fitted map, paths and the score, against the trials' own artifacts.</summary>
public sealed class FieldPicturesTests
{
    private const double OneStep = 1.0 / ushort.MaxValue;

    [Fact]
    public async Task Run_OfTwoArms_ShowsWhatEachMadeOfItsSpace()
    {
        using var scratch = new Scratch();
        scratch.Write("fields.yaml", """
            sweep: fields
            seeds: 2
            axes:
              dataset: [{kind: gmm-ring, name: ring8}, {kind: gmm-aniso, name: aniso8}, digits]
              preprocessing: [standardize, gaussianize]
              schedule: [vp-linear]
              width: [8, 16, 32]
            network: {hidden_layers: 1}
            training: {steps: 40, batch: 32, points: 400}
            sampling: {sampler: ddim, steps: 25, samples: 80}
            compare: {axis: preprocessing, baseline: standardize, metric: energy_distance}
            """);
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "fields.yaml", "--device", "cpu", "--out", "out");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        string json = await File.ReadAllTextAsync(Path.Combine(scratch.Path, "out", "report", "report.json"), TestContext.Current.CancellationToken);
        JsonNode[] fields = [.. JsonNode.Parse(json)!["fields"]!.AsArray().Select(f => f!)];

        // A data set and an arm each, at the middle width and the first seed; none of images.
        Assert.Equal(
            [("ring8", "standardize", 16, 0), ("ring8", "gaussianize", 16, 0), ("aniso8", "standardize", 16, 0), ("aniso8", "gaussianize", 16, 0)],
            fields.Select(f => (f["dataset"]!.GetValue<string>(), f["axes"]!["preprocessing"]!.GetValue<string>(), f["axes"]!["width"]!.GetValue<int>(),
                f["seed"]!.GetValue<int>())));
        string artifacts = Path.Combine(scratch.Path, "out", "artifacts");
        foreach (JsonNode field in fields)
        {
            var files = new TrialArtifacts(artifacts, field["trial"]!.GetValue<string>());
            var fitted = FittedPreprocessing.Load(JsonNode.Parse(await File.ReadAllTextAsync(files.PreprocessingPath))!.AsObject());
            int d = fitted.Dimensions;
            double edge = field["latent_edge"]!.GetValue<double>();
            using Stream? file = ArtifactSamples.Open(artifacts, field["trial"]!.GetValue<string>());
            double[] rows = ArtifactSamples.FirstRows(file, d, 80)!, latent = new double[rows.Length];
            fitted.Forward(rows, latent);
            double[][] inside = [.. latent.Chunk(d).Select(p => p[..2]).Where(p => Math.Abs(p[0]) <= edge && Math.Abs(p[1]) <= edge)];
            double[][] drawn = Cloud(field["latent_points"]!, [-edge, -edge], [edge, edge]);
            Assert.Equal(inside.Length, drawn.Length);
            for (int i = 0; i < inside.Length; i++)
                Assert.All(new[] { 0, 1 }, k => Assert.Equal(inside[i][k], drawn[i][k], 2 * edge * OneStep));

            // True samples are about Gaussian where the fit is.
            double[][] truth = Cloud(field["latent_truth"]!, [-edge, -edge], [edge, edge]);
            Assert.InRange(truth.Length, 300, 400);
            Assert.InRange(Math.Sqrt(truth.Average(p => p[0] * p[0])), 0.85, 1.15);
            Assert.Equal(d == 2, field["grid"] is not null);
            Assert.Equal(d == 2, field["scores"] is not null);
        }

        foreach (JsonNode field in fields[..2])
            await CheckPlaneAsync(new TrialArtifacts(artifacts, field["trial"]!.GetValue<string>()), field);

        // The exact score is known where a mixture stays one.
        Assert.All(fields[0]["scores"]!.AsArray(), s => Assert.NotNull(s!["exact"]));
        Assert.All(fields[1]["scores"]!.AsArray(), s => Assert.Null(s!["exact"]));

        // A map that scales and shifts keeps squares even; one that gathers what lies apart doesn't.
        Assert.InRange(Unevenness(fields[0]), 1, 1.01);
        Assert.InRange(Unevenness(fields[1]), 2, double.MaxValue);

        // Samples that are no numbers cost no report.
        JsonNode bent = fields[1];
        string samples = new TrialArtifacts(artifacts, bent["trial"]!.GetValue<string>()).SamplesPath;
        byte[] bytes = await File.ReadAllBytesAsync(samples, TestContext.Current.CancellationToken);
        int before = bytes.Length - (80 * 2 * sizeof(double));
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(before), double.NaN);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(before + (2 * sizeof(double))), double.PositiveInfinity);
        await File.WriteAllBytesAsync(samples, bytes, TestContext.Current.CancellationToken);
        outcome = await SweepProcess.RunAsync(scratch.Path, "report", "--out", "out");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        json = await File.ReadAllTextAsync(Path.Combine(scratch.Path, "out", "report", "report.json"), TestContext.Current.CancellationToken);
        JsonNode again = JsonNode.Parse(json)!["fields"]!.AsArray().Single(f => f!["trial"]!.GetValue<string>() == bent["trial"]!.GetValue<string>())!;
        double span = bent["latent_edge"]!.GetValue<double>();
        int kept = Cloud(bent["latent_points"]!, [-span, -span], [span, span]).Length;
        Assert.InRange(Cloud(again["latent_points"]!, [-span, -span], [span, span]).Length, kept - 2, kept);
    }

    private static async Task CheckPlaneAsync(TrialArtifacts files, JsonNode field)
    {
        double[] low = Numbers(field["low"]!), high = Numbers(field["high"]!);
        JsonNode paths = field["paths"]!;
        double[][] points = Cloud(paths["points"]!, low, high);
        int moments = paths["moments"]!.GetValue<int>(), count = points.Length / moments;
        Assert.Equal((Trajectory.Steps(26).Length, 60, 60), (moments, count, paths["modes"]!.AsArray().Count));
        Assert.All(paths["modes"]!.AsArray(), m => Assert.InRange(m!.GetValue<int>(), 0, 7));

        // Paths end at the samples; single precision on the way.
        using Stream file = File.OpenRead(files.SamplesPath);
        double[][] samples = [.. ArtifactSamples.FirstRows(file, 2, count)!.Chunk(2)];
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k < 2; k++)
            {
                Assert.Equal(
                    Math.Clamp(samples[i][k], low[k], high[k]), points[(i * moments) + moments - 1][k], ((high[k] - low[k]) * OneStep) + 1e-5);
            }
        }

        // An arrow ends where the network sends its point.
        JsonNode score = field["scores"]![1]!;
        double sigma = score["sigma"]!.GetValue<double>(), edge = score["edge"]!.GetValue<double>();
        var schedule = new ParameterValues(new JsonObject { ["beta_min"] = 0.1, ["beta_max"] = 20 });
        NoiseLevel level = ScheduleKinds.Registry.Create("vp-linear", schedule).AtSigma(sigma);
        using ITrainedDenoiser network = NetworkFile.Read(await File.ReadAllBytesAsync(files.WeightsPath)).CreateDenoiser();
        double[] corner = [-edge * level.Signal, -edge * level.Signal], end = new double[2];
        network.Denoise(corner, level, end);
        double[][] ends = Cloud(score["learned"]!, [-2 * edge, -2 * edge], [2 * edge, 2 * edge]);
        int side = score["side"]!.GetValue<int>();
        Assert.Equal(side * side, ends.Length);
        Assert.All(new[] { 0, 1 }, k => Assert.Equal(Math.Clamp(end[k], -2 * edge, 2 * edge), ends[0][k], 4 * edge * OneStep));
    }

    /// <summary>The longest over the shortest step of the grid's lines.</summary>
    private static double Unevenness(JsonNode field) => field["grid"]!.AsArray().Max(line =>
    {
        double[][] points = Cloud(line!, Numbers(field["low"]!), Numbers(field["high"]!));
        double[] steps = [.. points.Zip(points.Skip(1), Apart)];
        return steps.Max() / steps.Min();
    });

    private static double Apart(double[] a, double[] b) => Math.Sqrt(Math.Pow(a[0] - b[0], 2) + Math.Pow(a[1] - b[1], 2));

    private static double[] Numbers(JsonNode array) => [.. array.AsArray().Select(n => n!.GetValue<double>())];

    private static double[][] Cloud(JsonNode cloud, double[] low, double[] high)
    {
        byte[] bytes = Convert.FromBase64String(cloud.GetValue<string>());
        return
        [
            .. Enumerable.Range(0, bytes.Length / (2 * low.Length)).Select(i => low.Select((l, k) =>
                l + (BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * ((i * low.Length) + k))) * OneStep * (high[k] - l))).ToArray()),
        ];
    }
}
