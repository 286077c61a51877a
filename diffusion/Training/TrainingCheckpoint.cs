using System.Runtime.InteropServices;
using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training;

/// <summary>
/// The whole state of a run between two steps: weights, Adam's moments, losses so far. As bytes: "SWCK", version 1, steps done, parameter count, window sum
/// (double), number of losses, weights, first and second moments (float, in the order of <see cref="NetworkShape.Blocks"/>), losses (int step, double loss);
/// little-endian. The layout is the same for every backend.
/// </summary>
internal sealed record TrainingCheckpoint(int Step, double WindowSum, float[] Weights, float[] First, float[] Second, IReadOnlyList<LossPoint> Losses)
{
    private const uint Magic = 0x4B435753;
    private const int Version = 1;

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(Step);
        writer.Write(Weights.Length);
        writer.Write(WindowSum);
        writer.Write(Losses.Count);
        foreach (float[] values in (float[][])[Weights, First, Second])
            writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        foreach (var point in Losses)
        {
            writer.Write(point.Step);
            writer.Write(point.Loss);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="TrainingDesignException">The bytes are no checkpoint of this job.</exception>
    public static TrainingCheckpoint FromBytes(byte[] bytes, NetworkShape shape, int steps)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            if (reader.ReadUInt32() != Magic || reader.ReadInt32() != Version)
                throw new TrainingDesignException($"checkpoint: not one of ours, or of another version; allowed: version {Version}");
            int step = reader.ReadInt32(), count = reader.ReadInt32();
            double windowSum = reader.ReadDouble();
            int losses = reader.ReadInt32();
            if (count != shape.ParameterCount || step < 0 || step > steps || losses < 0 || losses > steps)
                throw new TrainingDesignException(
                    $"checkpoint: {count} parameters at step {step}; allowed: {shape.ParameterCount} parameters, at most {steps} steps");
            return new TrainingCheckpoint(
                step, windowSum, Floats(reader, count), Floats(reader, count), Floats(reader, count),
                [.. Enumerable.Range(0, losses).Select(_ => new LossPoint(reader.ReadInt32(), reader.ReadDouble()))]);
        }
        catch (EndOfStreamException e)
        {
            throw new TrainingDesignException($"checkpoint: cut off at {bytes.Length} bytes; allowed: a whole one", e);
        }
    }

    private static float[] Floats(BinaryReader reader, int count)
    {
        float[] values = new float[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
