using System.Globalization;
using System.Text.Json.Nodes;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;

namespace Sweep.Bench.Cpu;

/// <summary>
/// Whether the loss after a 20,000-step trial agrees with PyTorch's: the same points, network, initialisation scheme, learning-rate schedule, batch and
/// stratified levels on both sides, other random numbers; several seeds, the mean loss of the last 1,000 steps of each.
/// </summary>
internal static class LossCheck
{
    private const int Dimensions = 2, Width = 32, Steps = 20_000, LastSteps = 1_000, Seeds = 6, Points = 4096;

    /// <summary>Prints both sides and a verdict; null without a peer.</summary>
    public static JsonObject? Run(Peer? peer)
    {
        if (peer is null)
            return null;
        float[] data = Ring();
        double[] ours = [.. Enumerable.Range(1, Seeds).Select(s => Train(data, (ulong)s))];
        double[] theirs =
            [.. Enumerable.Range(1, Seeds).Select(s =>
            peer.FinalLoss(data, Dimensions, Width, Steps, LastSteps, TrainingSettings.DefaultLearningRate, TrainingSettings.DefaultWarmupSteps, s))];

        // Welch's interval of the difference of two means.
        double a = ours.Variance() / Seeds, b = theirs.Variance() / Seeds, error = Math.Sqrt(a + b);
        double freedom = (a + b) * (a + b) / (((a * a) + (b * b)) / (Seeds - 1));
        double difference = ours.Mean() - theirs.Mean(), half = StudentT.InvCDF(0, 1, freedom, 0.975) * error;
        bool agrees = Math.Abs(difference) <= half;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"loss of the last {LastSteps} of {Steps} steps, d = {Dimensions}, width {Width}, {Seeds} seeds: {ours.Mean():F5} ± {ours.StandardDeviation():F5} "
                + $"(sd); PyTorch {theirs.Mean():F5} ± {theirs.StandardDeviation():F5}; difference {difference:F5} ± {half:F5} (95 %), "
                + $"{difference / theirs.Mean():P2}: {(agrees ? "agrees" : "DIFFERS")}"));
        return new JsonObject
        {
            ["dimensions"] = Dimensions,
            ["width"] = Width,
            ["steps"] = Steps,
            ["last_steps"] = LastSteps,
            ["ours"] = new JsonArray([.. ours.Select(v => (JsonNode)v)]),
            ["pytorch"] = new JsonArray([.. theirs.Select(v => (JsonNode)v)]),
            ["difference"] = difference,
            ["half_interval_95"] = half,
            ["agrees"] = agrees,
        };
    }

    private static double Train(float[] data, ulong seed)
    {
        var job = new TrainingJob
        {
            Shape = new MlpShape(Dimensions, 32, Width, 3, Activation.Silu),
            Settings = new TrainingSettings(Steps),
            Design = new TrainingDesign { Schedule = new VpLinear() },
            Data = data,
            Seed = seed,
        };
        var losses = new CpuTrainer().Train([job], new Unobserved(), CancellationToken.None)[0].Require().Losses;
        return losses.Where(l => l.Step > Steps - LastSteps).Average(l => l.Loss);
    }

    /// <summary>Eight Gaussians on a circle, coordinates of variance about 1.</summary>
    private static float[] Ring()
    {
        var stream = new PhiloxStream(1, NoisePurpose.TrainingPoints);
        float[] data = new float[Points * Dimensions];
        for (int i = 0; i < data.Length; i += 2)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * stream.NextInt(8) / 8);
            data[i] = (float)((Math.Sqrt(2) * cos) + (0.1 * stream.NextNormal()));
            data[i + 1] = (float)((Math.Sqrt(2) * sin) + (0.1 * stream.NextNormal()));
        }

        return data;
    }
}
