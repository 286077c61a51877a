using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Files;
using Sweep.Diffusion.Kinds;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;

namespace Sweep.Client.Report;

/// <summary>Reads pictures of samples from trials' artifacts, for a report. A trial whose samples are not here has none.</summary>
internal static partial class SamplePictures
{
    /// <summary>Pictures of each kind: enough to see what is wrong with them.</summary>
    public const int Count = 16;

    /// <summary>Groups shown at most, so that a report stays small: some 1.4 KB each for 8 x 8.</summary>
    private const int MaxGroups = 200;

    /// <param name="artifacts">The folder of all trials.</param>
    /// <param name="input">What else the report is made from.</param>
    /// <returns>A section for each dataset of images of which something was found.</returns>
    public static IReadOnlyList<SamplesSection> Read(string artifacts, ReportInput input) =>
        Read(id => Open(new TrialArtifacts(artifacts, id).SamplesPath), input);

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
    public static bool AreImages(TrialSpec trial) => Dataset(trial)?.ImageSide is not null;

    /// <summary>One trial's pictures beside real ones; null when its data are no images.</summary>
    /// <param name="trial">What was run.</param>
    /// <param name="samples">Its samples; null where they aren't to be had.</param>
    public static TrialPictures? Of(TrialSpec trial, Stream? samples)
    {
        if (Images(trial) is not (int side, double[] real))
            return null;
        (double low, double high) = (real.Min(), real.Max());
        return new TrialPictures(trial.Dataset.Name, side, low, high, Bytes(real, low, high),
            FirstRows(samples, side * side) is { } rows ? Bytes(rows, low, high) : null);
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
    private static (int Side, double[] Real)? Images(TrialSpec trial) => Dataset(trial) is { ImageSide: { } side } dataset
        ? (side, dataset.Draw(new SplitSizes(trial.Training.Points, 1, Count, 2), (ulong)trial.Seed).Test.Values)
        : null;

    private static IDataset? Dataset(TrialSpec trial)
    {
        try
        {
            return DatasetKinds.Registry.Create(trial.Dataset.Kind, new ParameterValues(trial.Dataset.Parameters));
        }
        catch (KindException)
        {
            // A data file that was moved: the report is made without it.
            return null;
        }
    }

    /// <summary>The first rows of a samples.npy; null when it isn't there, or of another shape.</summary>
    internal static double[]? FirstRows(string path, int dimensions)
    {
        using Stream? file = Open(path);
        return FirstRows(file, dimensions);
    }

    private static double[]? Rows(Func<string, Stream?> samples, string trialId, int dimensions)
    {
        using Stream? file = samples(trialId);
        return FirstRows(file, dimensions);
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return RegularFile.Open(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static double[]? FirstRows(Stream? file, int dimensions)
    {
        if (file is null)
            return null;

        // Version 1.0 of the format: six bytes of magic, two of version, two of header length, the header, the values.
        const int Prefix = 10;
        try
        {
            Span<byte> prefix = stackalloc byte[Prefix];
            file.ReadExactly(prefix);
            byte[] header = new byte[BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..])];
            file.ReadExactly(header);
            Match shape = ShapePattern().Match(Encoding.ASCII.GetString(header));
            if (!shape.Success || int.Parse(shape.Groups["columns"].ValueSpan) != dimensions) return null;
            double[] rows = new double[Math.Min(Count, int.Parse(shape.Groups["rows"].ValueSpan)) * dimensions];
            file.ReadExactly(MemoryMarshal.AsBytes(rows.AsSpan()));
            return rows;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Bytes(double[] pixels, double low, double high) =>
        Convert.ToBase64String(Array.ConvertAll(pixels,
            p => double.IsFinite(p) ? (byte)Math.Round(255 * Math.Clamp((p - low) / (high - low), 0, 1)) : (byte)0));

    [GeneratedRegex(@"'descr': '<f8', 'fortran_order': False, 'shape': \((?<rows>\d{1,9}), (?<columns>\d{1,9})\)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShapePattern();
}
