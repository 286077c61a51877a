using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Files;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Specs;
using Sweep.Silo;

namespace Sweep.Client.Report;

/// <summary>
/// Latent space, the fitted map, sampling paths and the score of one trial per dataset and arm, from its artifacts. What isn't at hand is left out, and so are
/// images, whose latent coordinates say nothing one by one.
/// </summary>
internal static class FieldPictures
{
    /// <summary>Trials shown at most, as whole datasets: some 17 KB each.</summary>
    private const int MaxTrials = 24;

    private const int Points = 400, GridLines = 15, GridPoints = 41, Paths = 60, FieldSide = 13, MaxArtifactBytes = 1 << 26;

    private const double LatentEdge = 4, GridEdge = 2.8, FieldEdge = 2.6;

    /// <summary>Little noise, where modes are apart; about where paths part; much, where all is one Gaussian.</summary>
    private static readonly double[] Sigmas = [0.2, 0.5, 1.5];

    /// <param name="artifacts">The folder of all trials.</param>
    /// <param name="input">What else the report is made from.</param>
    public static IReadOnlyList<FieldSection> Read(string artifacts, ReportInput input)
    {
        List<FieldSection> all = [];
        foreach (IGrouping<string, TrialSpec> trials in Middle(input).GroupBy(t => t.Dataset.Name, StringComparer.Ordinal))
        {
            TrialSpec[] own = [.. trials];
            if (all.Count + own.Length > MaxTrials)
                break;
            if (ArtifactSamples.Dataset(own[0]) is not { ImageSide: null } dataset)
                continue;
            PointSet truth = ArtifactSamples.HeldOut(dataset, own[0], SampleScatters.Count);
            if (truth.Count > 0)
                all.AddRange(own.Select(t => Of(artifacts, t, dataset, truth)).OfType<FieldSection>());
        }

        return all;
    }

    /// <summary>Of each dataset and arm the first seed at the middle of every other axis, where it has completed.</summary>
    private static IEnumerable<TrialSpec> Middle(ReportInput input)
    {
        SweepAxis[] others = [.. input.Spec.Axes.Where(a => a.Name is not "dataset" && a.Name != input.Spec.Compare.Axis)];
        return ReportBuilder.InSpecOrder(input).Select(t => t.Trial)
            .Where(t => Array.TrueForAll(others, a => JsonNode.DeepEquals(t.Axes[a.Name], a.Values[(a.Values.Count - 1) / 2])))
            .DistinctBy(t => t.Group, StringComparer.Ordinal);
    }

    private static FieldSection? Of(string artifacts, TrialSpec trial, IDataset dataset, PointSet truth)
    {
        var files = new TrialArtifacts(artifacts, trial.Id);
        if (Fitted(files) is not { } fitted || fitted.Dimensions != dataset.Dimensions)
            return null;
        int d = dataset.Dimensions, axes = Math.Min(2, d);
        using Stream? samples = ArtifactSamples.Open(artifacts, trial.Id);
        if (ArtifactSamples.FirstRows(samples, d, Points) is not { } rows)
            return null;
        double[] edge = [.. Enumerable.Repeat(LatentEdge, axes)], under = [.. edge.Select(e => -e)];
        var plane = new SamplePlane(truth);
        (double[] low, double[] high) = plane.Widened();
        return new FieldSection
        {
            Dataset = trial.Dataset.Name,
            Axes = (JsonObject)trial.Axes.DeepClone(),
            Trial = trial.Id,
            Seed = trial.Seed,
            Dimensions = d,
            LatentEdge = LatentEdge,
            LatentTruth = PointCloud.Within(Latent(truth.Values[..(Math.Min(Points, truth.Count) * d)]), under, edge).Cloud,
            LatentPoints = PointCloud.Within(Latent(rows), under, edge).Cloud,
            Grid = d == 2 ? [.. Grid(fitted).Select(line => PointCloud.Clamped(line, low, high))] : null,
            Low = low,
            High = high,
            Paths = PathsOf(artifacts, trial, dataset, plane, low, high),
            Scores = d == 2 ? Scores(files, trial, dataset, fitted) : null,
        };

        // A map is fitted to finite points; samples of a network that diverged need not be such.
        double[] Latent(double[] points)
        {
            double[] data = [.. points.Chunk(d).Where(p => Array.TrueForAll(p, double.IsFinite)).SelectMany(p => p)];
            double[] latent = new double[data.Length];
            fitted.Forward(data, latent);
            return [.. Enumerable.Range(0, data.Length / d).SelectMany(i => latent[(i * d)..((i * d) + axes)])];
        }
    }

    /// <summary>Lines of equal latent coordinates, in data space.</summary>
    private static IEnumerable<double[]> Grid(FittedPreprocessing fitted)
    {
        for (int upright = 0; upright < 2; upright++)
        {
            for (int line = 0; line < GridLines; line++)
            {
                double[] latent = new double[2 * GridPoints], data = new double[2 * GridPoints];
                for (int i = 0; i < GridPoints; i++)
                {
                    latent[(2 * i) + upright] = GridEdge * ((2.0 * i / (GridPoints - 1)) - 1);
                    latent[(2 * i) + 1 - upright] = GridEdge * ((2.0 * line / (GridLines - 1)) - 1);
                }

                fitted.Inverse(latent, data);
                yield return data;
            }
        }
    }

    private static SamplingPaths? PathsOf(string artifacts, TrialSpec trial, IDataset dataset, SamplePlane plane, double[] low, double[] high)
    {
        using Stream? file = ArtifactSamples.OpenTrajectory(artifacts, trial.Id);
        if (ArtifactSamples.Moments(file, dataset.Dimensions, Paths) is not { } moments)
            return null;
        int d = dataset.Dimensions, count = moments[0].Length / d;
        double[] paths = [.. Enumerable.Range(0, count).SelectMany(i => moments.SelectMany(m => m[(i * d)..((i + 1) * d)]))];
        int[]? modes = null;
        if (dataset.Modes is { } known)
        {
            modes = new int[count];
            known.Assign(moments[^1], modes, new double[count]);
        }

        return new SamplingPaths(moments.Length, PointCloud.Clamped(plane.Project(paths), low, high), modes);
    }

    /// <summary>Null where the network can't be had, or isn't one that this process evaluates by itself.</summary>
    private static IReadOnlyList<ScoreField>? Scores(TrialArtifacts files, TrialSpec trial, IDataset dataset, FittedPreprocessing fitted)
    {
        if (Bytes(files.WeightsPath) is not { } bytes)
            return null;
        try
        {
            TrainedNetwork network = NetworkFile.Read(bytes);
            if (!network.Shape.IsFused || network.Shape.Dimensions != 2)
                return null;
            using ITrainedDenoiser learned = network.CreateDenoiser();
            ISchedule schedule = ScheduleKinds.Registry.Create(trial.Schedule.Kind, new ParameterValues(trial.Schedule.Parameters));
            ExactDenoiser? exact = LatentMixture.Of(dataset.Density, fitted) is { } density ? new ExactDenoiser(density) : null;
            return [.. Sigmas.Select(sigma => Field(sigma, schedule.AtSigma(sigma), learned, exact))];
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException or InvalidOperationException or KindException or JsonException)
        {
            return null;
        }
    }

    private static ScoreField Field(double sigma, NoiseLevel level, ITrainedDenoiser learned, ExactDenoiser? exact)
    {
        // As far as noised data reach.
        double edge = FieldEdge * Math.Sqrt(1 + (sigma * sigma));
        double[] points = [.. Enumerable.Range(0, FieldSide * FieldSide).SelectMany(i => new[] { i % FieldSide, i / FieldSide })
            .Select(at => edge * ((2.0 * at / (FieldSide - 1)) - 1))];
        double[] low = [-2 * edge, -2 * edge], high = [2 * edge, 2 * edge];
        return new ScoreField(sigma, edge, FieldSide, Ends(learned), exact is null ? null : Ends(exact));

        string Ends(IDenoiser denoiser)
        {
            double[] noised = Array.ConvertAll(points, p => p * level.Signal), ends = new double[points.Length];
            denoiser.Denoise(noised, level, ends);
            return PointCloud.Clamped(ends, low, high);
        }
    }

    private static FittedPreprocessing? Fitted(TrialArtifacts files)
    {
        try
        {
            return Bytes(files.PreprocessingPath) is { } bytes && JsonNode.Parse(bytes) is JsonObject saved ? FittedPreprocessing.Load(saved) : null;
        }
        catch (Exception e) when (e is JsonException or PreprocessingException)
        {
            return null;
        }
    }

    private static byte[]? Bytes(string path)
    {
        try
        {
            using FileStream file = RegularFile.Open(path);
            if (file.Length > MaxArtifactBytes)
                return null;
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
