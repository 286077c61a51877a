using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Report;

/// <summary>Reads pictures of samples from trials' artifacts, for a report. A trial whose samples are not here has none.</summary>
internal static class SamplePictures
{
    /// <summary>Pictures of each kind: enough to see what is wrong with them.</summary>
    public const int Count = 16;

    /// <summary>Groups shown at most, so that a report stays small: some 1.4 KB each for 8 x 8.</summary>
    private const int MaxGroups = 200;

    /// <param name="artifacts">The folder of all trials.</param>
    /// <param name="input">What else the report is made from.</param>
    /// <returns>A section for each dataset of images of which something was found.</returns>
    public static IReadOnlyList<SamplesSection> Read(string artifacts, ReportInput input) =>
        Read(id => ArtifactSamples.Open(artifacts, id), input);

    /// <param name="samples">Opens a trial's samples by its id; null where they aren't to be had.</param>
    /// <param name="input">What else the report is made from.</param>
    public static IReadOnlyList<SamplesSection> Read(Func<string, Stream?> samples, ReportInput input)
    {
        CompletedTrial[] first = [.. ReportBuilder.InSpecOrder(input).DistinctBy(t => t.Trial.Group, StringComparer.Ordinal)];
        return
        [
            .. first.GroupBy(t => t.Trial.Dataset.Name, StringComparer.Ordinal)
                .Select(trials => Section(samples, [.. trials]))
                .OfType<SamplesSection>(),
        ];
    }

    /// <summary>Whether a trial's data are pictures.</summary>
    public static bool AreImages(TrialSpec trial) => ArtifactSamples.Dataset(trial)?.ImageSide is not null;

    /// <summary>One trial's pictures beside real ones; null when its data are no images.</summary>
    /// <param name="trial">What was run.</param>
    /// <param name="samples">Its samples; null where they aren't to be had.</param>
    public static TrialPictures? Of(TrialSpec trial, Stream? samples)
    {
        if (Images(trial) is not (int side, double[] real))
            return null;
        (double low, double high) = (real.Min(), real.Max());
        return new TrialPictures(trial.Dataset.Name, side, low, high, Bytes(real, low, high),
            ArtifactSamples.FirstRows(samples, side * side, Count) is { } rows ? Bytes(rows, low, high) : null);
    }

    private static SamplesSection? Section(Func<string, Stream?> samples, CompletedTrial[] trials)
    {
        TrialSpec trial = trials[0].Trial;
        if (Images(trial) is not (int side, double[] real)) return null;
        (double low, double high) = (real.Min(), real.Max());
        GroupPictures[] groups =
        [
            .. trials
                .Select(t => (t.Trial, Samples: Rows(samples, t.Trial.Id, side * side)))
                .Where(t => t.Samples is not null)
                .Take(MaxGroups)
                .Select(t => new GroupPictures
                {
                    Axes = (System.Text.Json.Nodes.JsonObject)t.Trial.Axes.DeepClone(), Trial = t.Trial.Id, Seed = t.Trial.Seed,
                    Images = Bytes(t.Samples!, low, high),
                }),
        ];
        return groups.Length == 0
            ? null : new SamplesSection { Dataset = trial.Dataset.Name, Side = side, Low = low, High = high, Real = Bytes(real, low, high), Groups = groups };
    }

    /// <summary>Pictures that the trial's training did not see; null when its data are no images, or not to be had here.</summary>
    private static (int Side, double[] Real)? Images(TrialSpec trial) => ArtifactSamples.Dataset(trial) is { ImageSide: { } side } dataset
        ? (side, ArtifactSamples.HeldOut(dataset, trial, Count).Values)
        : null;

    private static double[]? Rows(Func<string, Stream?> samples, string trialId, int dimensions)
    {
        using Stream? file = samples(trialId);
        return ArtifactSamples.FirstRows(file, dimensions, Count);
    }

    private static string Bytes(double[] pixels, double low, double high) =>
        Convert.ToBase64String(Array.ConvertAll(pixels,
            p => double.IsFinite(p) ? (byte)Math.Round(255 * Math.Clamp((p - low) / (high - low), 0, 1)) : (byte)0));
}
