using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;

namespace Sweep.Silo.Diagnostics;

/// <summary>
/// The validation loss of a training run, measured as its trainer hands out the network on the way, whatever trains it. What a run had when it was checkpointed
/// is saved with that, as a run that goes on isn't handed the earlier networks again. Not thread-safe.
/// </summary>
/// <param name="loss">On which points.</param>
/// <param name="steps">After which steps, ascending.</param>
/// <param name="torchDevice">Where libtorch computes, for networks that need it.</param>
internal sealed class LossHistory(ValidationLoss loss, IReadOnlyList<int> steps, string torchDevice)
{
    private readonly Dictionary<int, float[]> _rows = [];

    public IReadOnlyList<int> Steps => steps;

    /// <summary>The loss of every row after each of the steps; null while one is missing.</summary>
    public IReadOnlyList<float[]>? Rows => steps.All(_rows.ContainsKey) ? [.. steps.Select(s => _rows[s])] : null;

    public bool Wants(int step) => steps.Contains(step);

    public void Record(int step, TrainedNetwork network)
    {
        using ITrainedDenoiser denoiser = network.CreateDenoiser(torchDevice);
        _rows[step] = loss.Of(denoiser);
    }

    public void Clear() => _rows.Clear();

    /// <summary>Little-endian: for each step its number and as many single-precision losses as there are rows.</summary>
    public byte[] Save()
    {
        int record = sizeof(int) + (sizeof(float) * loss.Rows), at = 0;
        var bytes = new byte[record * _rows.Count];
        foreach ((int step, float[] rows) in _rows.OrderBy(r => r.Key))
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), step);
            MemoryMarshal.AsBytes(rows.AsSpan()).CopyTo(bytes.AsSpan(at + sizeof(int)));
            at += record;
        }

        return bytes;
    }

    /// <summary>Takes in what <see cref="Save"/> gave, of steps that are asked for; anything else is left out, so that the run has to begin again.</summary>
    public void Load(byte[]? saved)
    {
        int record = sizeof(int) + (sizeof(float) * loss.Rows);
        for (int at = 0; saved is not null && saved.Length % record == 0 && at < saved.Length; at += record)
        {
            int step = BinaryPrimitives.ReadInt32LittleEndian(saved.AsSpan(at));
            if (Wants(step))
                _rows[step] = [.. MemoryMarshal.Cast<byte, float>(saved.AsSpan(at + sizeof(int), record - sizeof(int)))];
        }
    }
}
