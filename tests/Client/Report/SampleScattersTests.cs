using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Sweep.Client.Report;
using Sweep.Diffusion.Datasets;
using Sweep.Silo;
using Xunit;

namespace Sweep.Tests.Client.Report;

/// <summary>Samples as points in a plane: where they are drawn, and what a run's report holds of them.</summary>
public sealed class SampleScattersTests
{
    private const double OneStep = 1.0 / ushort.MaxValue;

    [Fact]
    public async Task Run_InThePlaneAndBeyond_ShowsSamplesOfEveryGroupWhereTheyAre()
    {
        using var scratch = new Scratch();
        scratch.Write("scatter.yaml", """
            sweep: scatter
            seeds: 2
            axes: {dataset: [moons, {kind: gmm-aniso, name: aniso8}], width: [8, 16]}
            network: {hidden_layers: 1}
            training: {steps: 20, batch: 32, points: 200}
            sampling: {sampler: ddim, steps: 25, samples: 40}
            compare: {axis: width, baseline: 8, metric: energy_distance}
            """);
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "scatter.yaml", "--device", "cpu", "--out", "out");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        JsonNode report = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(scratch.Path, "out", "report", "report.json"),
            TestContext.Current.CancellationToken))!;

        Assert.Null(report["samples"]);
        JsonArray scatters = report["scatters"]!.AsArray();
        Assert.Equal([("moons", 2), ("aniso8", 8)], scatters.Select(s => (s!["dataset"]!.GetValue<string>(), s["dimensions"]!.GetValue<int>())));
        JsonNode moons = scatters[0]!;
        Assert.Equal(["x1", "x2"], moons["axes"]!.AsArray().Select(a => a!.GetValue<string>()));
        Assert.Null(moons["explained"]);
        Assert.InRange(scatters[1]!["explained"]!.GetValue<double>(), 0.25, 1);
        JsonArray groups = moons["groups"]!.AsArray();
        Assert.Equal([8, 16], groups.Select(g => g!["axes"]!["width"]!.GetValue<int>()));

        // The points are the trial's own first samples.
        double[] low = Numbers(moons["low"]!), high = Numbers(moons["high"]!);
        foreach (JsonNode? group in groups)
        {
            using Stream? file = ArtifactSamples.Open(Path.Combine(scratch.Path, "out", "artifacts"), group!["trial"]!.GetValue<string>());
            double[] rows = ArtifactSamples.FirstRows(file, 2, SampleScatters.Count)!;
            double[][] inside = [.. rows.Chunk(2).Where(p => p[0] >= low[0] && p[0] <= high[0] && p[1] >= low[1] && p[1] <= high[1])];
            double[][] drawn = Cloud(group["points"]!.GetValue<string>(), low, high);
            Assert.Equal((40, 40 - inside.Length), (rows.Length / 2, group["outside"]!.GetValue<int>()));
            Assert.Equal(inside.Length, drawn.Length);

            // The trajectory ends where the samples are.
            JsonArray moments = group["moments"]!.AsArray();
            Assert.Equal(Trajectory.Steps(26), moments.Select(m => m!["step"]!.GetValue<int>()));
            Assert.Equal(group["outside"]!.GetValue<int>(), moments[^1]!["outside"]!.GetValue<int>());
            Assert.Equal(drawn.Length, Cloud(moments[^1]!["points"]!.GetValue<string>(), low, high).Length);
            Assert.NotEqual(group["points"]!.GetValue<string>(), moments[0]!["points"]!.GetValue<string>());
            for (int i = 0; i < inside.Length; i++)
                Assert.All(new[] { 0, 1 }, k => Assert.Equal(inside[i][k], drawn[i][k], (high[k] - low[k]) * OneStep));
        }
    }

    [Fact]
    public void Draw_BeyondTwoDimensions_IsAlongThePrincipalComponents()
    {
        // A thin sheet in five dimensions: most variance along (1, 1, 0, 0, 0), less along the fourth coordinate.
        double[][] points = [.. Enumerable.Range(0, 400).Select(i => (A: 10 * Math.Cos(i), B: 2 * Math.Sin(1.7 * i), C: 0.01 * Math.Sin(3.1 * i)))
            .Select(p => new[] { 5 + (p.A / Math.Sqrt(2)), (p.A / Math.Sqrt(2)) - 1, p.C, 7 + p.B, 0 })];
        var plane = new SamplePlane(new PointSet([.. points.SelectMany(p => p)], 5));

        (string cloud, int outside) = plane.Draw([.. points.SelectMany(p => p)]);

        Assert.Equal(0, outside);
        Assert.InRange(plane.Explained!.Value, 0.999, 1);
        double[][] drawn = Cloud(cloud, plane.Low, plane.High);
        for (int i = 0; i < points.Length; i++)
            Assert.Equal(10 * Math.Cos(i), drawn[i][0], 0.2);
        Assert.InRange(drawn.Max(p => p[1]) - drawn.Min(p => p[1]), 3.9, 4.1);
    }

    [Fact]
    public void Draw_OfWhatLiesBeyondTheEdgeOrIsNoNumber_CountsIt()
    {
        var plane = new SamplePlane(new PointSet([0, 0, 1, 4], 2));

        (string cloud, int outside) = plane.Draw([0.5, 2, 1.3, 0, double.NaN, 0, -0.25, 5, 0, double.PositiveInfinity]);

        Assert.Equal([-0.25, -1], plane.Low);
        Assert.Equal([1.25, 5], plane.High);
        Assert.Equal(3, outside);
        Assert.Equal([0.5, -0.25], Cloud(cloud, plane.Low, plane.High).Select(p => Math.Round(p[0], 4)));
    }

    [Fact]
    public void Plane_OfOnePointOrOneColumn_HasRoom()
    {
        var plane = new SamplePlane(new PointSet([3], 1) { ColumnNames = ["age"] });
        Assert.Equal(["age"], plane.Axes);
        Assert.Equal((2.75, 3.25), (plane.Low[0], plane.High[0]));
    }

    private static double[] Numbers(JsonNode array) => [.. array.AsArray().Select(v => v!.GetValue<double>())];

    private static double[][] Cloud(string text, double[] low, double[] high)
    {
        byte[] bytes = Convert.FromBase64String(text);
        double[] places = [.. bytes.Chunk(2).Select(b => BinaryPrimitives.ReadUInt16LittleEndian(b) * OneStep)];
        return [.. places.Chunk(low.Length).Select(p => p.Select((share, k) => low[k] + (share * (high[k] - low[k]))).ToArray())];
    }
}
