using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Files;
using Sweep.Diffusion.Kinds;
using Sweep.Grains.Specs;
using Sweep.Silo;

namespace Sweep.Client.Report;

/// <summary>What a report shows of trials' samples, and the true ones beside them.</summary>
internal static partial class ArtifactSamples
{
    /// <summary>Opens a trial's samples in a folder of artifacts; null where they aren't to be had.</summary>
    public static Stream? Open(string artifacts, string trialId) => Open(artifacts, trialId, a => a.SamplesPath);

    /// <summary>The same of its trajectory.</summary>
    public static Stream? OpenTrajectory(string artifacts, string trialId) => Open(artifacts, trialId, a => a.TrajectoryPath);

    private static FileStream? Open(string artifacts, string trialId, Func<TrialArtifacts, string> path)
    {
        try
        {
            return RegularFile.Open(path(new TrialArtifacts(artifacts, trialId)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A trial's dataset; null where it can't be had here: a data file that was moved.</summary>
    public static IDataset? Dataset(TrialSpec trial)
    {
        try
        {
            return DatasetKinds.Registry.Create(trial.Dataset.Kind, new ParameterValues(trial.Dataset.Parameters));
        }
        catch (KindException)
        {
            return null;
        }
    }

    /// <summary>Points that the trial's training did not see.</summary>
    public static PointSet HeldOut(IDataset dataset, TrialSpec trial, int count) =>
        dataset.Draw(new SplitSizes(trial.Training.Points, 1, count, 2), (ulong)trial.Seed).Test;

    /// <summary>The first rows of a samples.npy, at most <paramref name="count"/>; null when there is none, or of another shape.</summary>
    public static double[]? FirstRows(Stream? file, int dimensions, int count)
    {
        try
        {
            if (Header(file) is not { Success: true } header || header.Groups["type"].Value != "f8" || Shape(header) is not [var rows, var columns]
                || columns != dimensions)
                return null;
            double[] values = new double[Math.Min(count, rows) * dimensions];
            file!.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// The first points at each moment of a trajectory.npy, (points, dimensions) each, at most <paramref name="count"/>; null when there is none, or of another
    /// shape.
    /// </summary>
    public static double[][]? Moments(Stream? file, int dimensions, int count)
    {
        try
        {
            if (Header(file) is not { Success: true } header || header.Groups["type"].Value != "f4"
                || Shape(header) is not [var moments and > 0 and <= Trajectory.MaxMoments, var points and <= Trajectory.MaxPoints, var columns]
                || columns != dimensions)
                return null;
            float[] all = new float[points * dimensions];
            double[][] kept = new double[moments][];
            for (int m = 0; m < moments; m++)
            {
                file!.ReadExactly(MemoryMarshal.AsBytes(all.AsSpan()));
                kept[m] = Array.ConvertAll(all[..(Math.Min(count, points) * dimensions)], v => (double)v);
            }

            return kept;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Of version 1.0 of the format: six bytes of magic, two of version, two of header length, the header; the values follow.</summary>
    private static Match? Header(Stream? file)
    {
        if (file is null)
            return null;
        const int Prefix = 10;
        Span<byte> prefix = stackalloc byte[Prefix];
        file.ReadExactly(prefix);
        byte[] header = new byte[BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..])];
        file.ReadExactly(header);
        return HeaderPattern().Match(Encoding.ASCII.GetString(header));
    }

    private static int[] Shape(Match header) => [.. header.Groups["size"].Captures.Select(c => int.Parse(c.ValueSpan, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"'descr': '<(?<type>f[48])', 'fortran_order': False, 'shape': \((?<size>\d{1,9})(, (?<size>\d{1,9}))*\)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HeaderPattern();
}
