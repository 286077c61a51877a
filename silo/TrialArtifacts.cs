using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Files;

namespace Sweep.Silo;

/// <summary>
/// The folder of one trial's artifacts: <c>weights.safetensors</c>, <c>preprocessing.json</c>, <c>samples.npy</c>, <c>trajectory.npy</c>, and until its
/// result is committed <c>checkpoint.bin</c>, <c>losses.bin</c> and <c>snapshot-STEP.safetensors</c>. Each file is written beside and renamed, so that a
/// reader never sees half of one.
/// </summary>
public sealed class TrialArtifacts
{
    private const string CheckpointName = "checkpoint.bin";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly string _directory;

    /// <param name="root">The folder of all trials.</param>
    /// <param name="trialId">Hexadecimal digits, so it can't leave the folder.</param>
    public TrialArtifacts(string root, string trialId)
    {
        if (trialId.Length == 0 || !trialId.All(char.IsAsciiHexDigit))
            throw new ArgumentException($"trial id: {trialId}; allowed: hexadecimal digits", nameof(trialId));
        _directory = Path.Combine(root, trialId);
    }

    public string WeightsPath => Path.Combine(_directory, "weights.safetensors");

    public string PreprocessingPath => Path.Combine(_directory, "preprocessing.json");

    public string SamplesPath => Path.Combine(_directory, "samples.npy");

    public string TrajectoryPath => Path.Combine(_directory, "trajectory.npy");

    /// <summary>Whether a trial's folder has a checkpoint, or what goes with one.</summary>
    internal static bool HasCheckpoint(string directory) =>
        File.Exists(Path.Combine(directory, CheckpointName)) || Directory.EnumerateFiles(directory, "snapshot-*.safetensors").Any();

    private string ExceptionPath => Path.Combine(_directory, "exception.txt");

    private string LossesPath => Path.Combine(_directory, "losses.bin");

    private string CheckpointPath => Path.Combine(_directory, CheckpointName);

    /// <summary>All of it.</summary>
    public void Remove()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    public void WriteWeights(ReadOnlySpan<byte> safetensors) => Write(WeightsPath, safetensors);

    public void WritePreprocessing(JsonObject fitted) =>
        Write(PreprocessingPath, JsonSerializer.SerializeToUtf8Bytes(fitted, Indented));

    public void WriteSamples(PointSet samples) => Write(SamplesPath, NpyWriter.Format(samples));

    public void WriteTrajectory(Trajectory trajectory)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        Write(TrajectoryPath, trajectory.Format());
    }

    /// <summary>What the training is of whose checkpoint and snapshots are here: those of another are not read.</summary>
    public string Training { get; init; } = string.Empty;

    public void WriteCheckpoint(ReadOnlySpan<byte> checkpoint) => Write(CheckpointPath, Sealed(checkpoint, "checkpoint"));

    /// <summary>Null where there is none, or it is damaged or another training's.</summary>
    public byte[]? ReadCheckpoint() => Unsealed(CheckpointPath, "checkpoint");

    public void DropCheckpoint() => File.Delete(CheckpointPath);

    public void WriteSnapshot(int step, ReadOnlySpan<byte> safetensors) => Write(SnapshotPath(step), Sealed(safetensors, $"snapshot {step}"));

    /// <inheritdoc cref="ReadCheckpoint"/>
    public byte[]? ReadSnapshot(int step) => Unsealed(SnapshotPath(step), $"snapshot {step}");

    /// <summary>The validation losses that a checkpoint goes with.</summary>
    public void WriteLosses(ReadOnlySpan<byte> losses) => Write(LossesPath, Sealed(losses, "losses"));

    /// <inheritdoc cref="ReadCheckpoint"/>
    public byte[]? ReadLosses() => Unsealed(LossesPath, "losses");

    /// <summary>Keeps an exception with its stack trace for whoever looks into it; returns the path.</summary>
    public string WriteException(Exception failure)
    {
        Write(ExceptionPath, Encoding.UTF8.GetBytes($"{failure}\n"));
        return ExceptionPath;
    }

    /// <summary>What earlier attempts left of an exception, once one has completed.</summary>
    public void DropException() => File.Delete(ExceptionPath);

    /// <summary>What was handed out and measured on the way.</summary>
    public void DropSnapshots()
    {
        if (!Directory.Exists(_directory))
            return;
        foreach (string path in Directory.GetFiles(_directory, "snapshot-*.safetensors"))
            File.Delete(path);
        File.Delete(LossesPath);
    }

    private string SnapshotPath(int step) => Path.Combine(_directory, $"snapshot-{step}.safetensors");

    /// <summary>With a SHA-256 of it, of what it is and of the training at its end.</summary>
    private byte[] Sealed(ReadOnlySpan<byte> content, string what) => [.. content, .. Seal(content, what)];

    private byte[]? Unsealed(string path, string what)
    {
        if (!File.Exists(path))
            return null;
        byte[] bytes = File.ReadAllBytes(path);
        int length = bytes.Length - SHA256.HashSizeInBytes;
        return length >= 0 && Seal(bytes.AsSpan(0, length), what).AsSpan().SequenceEqual(bytes.AsSpan(length)) ? bytes[..length] : null;
    }

    private byte[] Seal(ReadOnlySpan<byte> content, string what)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{what}\n{Training}\n"));
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }

    private void Write(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(_directory);
        AtomicFile.WriteUnflushed(path, content);
    }
}
