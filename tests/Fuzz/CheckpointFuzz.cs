using Sweep.Diffusion.Training;
using Sweep.Silo;
using Sweep.Tests.Client;
using Sweep.Tests.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Fuzz;

/// <summary>
/// Whatever the files hold that a training left, none of it is taken for what was written; and what the seal would let through still trains or is refused.
/// </summary>
public sealed class CheckpointFuzz(ITestOutputHelper output)
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300).Select(i => (byte)(i * 7))];

    [Theory]
    [InlineData("checkpoint.bin")]
    [InlineData("snapshot-3.safetensors")]
    [InlineData("losses.bin")]
    public void Read_WhateverTheFileHolds_IsWhatWasWrittenOrNothing(string name)
    {
        using var scratch = new Scratch();
        var artifacts = new TrialArtifacts(scratch.Path, "00ff") { Training = "this" };
        artifacts.WriteCheckpoint(Content);
        artifacts.WriteSnapshot(3, Content);
        artifacts.WriteLosses(Content);
        string folder = Path.Combine(scratch.Path, "00ff"), path = Path.Combine(folder, name);
        byte[] whole = File.ReadAllBytes(path);

        // The others' seals too: one file in another's place is none of it.
        byte[][] samples = [whole, .. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        Fuzzer.Run(name, output, samples, bytes =>
        {
            File.WriteAllBytes(path, bytes);
            byte[]? read = name[0] switch
            {
                'c' => artifacts.ReadCheckpoint(),
                's' => artifacts.ReadSnapshot(3),
                _ => artifacts.ReadLosses(),
            };
            Assert.Equal(bytes.AsSpan().SequenceEqual(whole) ? Content : null, read);
        });
    }

    [Fact]
    public void Train_WhateverTheCheckpointHolds_GoesOnOrRefusesIt()
    {
        TrainingJob job = Jobs.Ring(steps: 12, width: 4, batch: 4);
        var recorder = new Recorder { Wants = true, CancelAfterLossAt = 1, Cancellation = new CancellationTokenSource() };
        Assert.Throws<OperationCanceledException>(() => new CpuTrainer().Train([job], recorder, recorder.Cancellation.Token));
        recorder.Cancellation.Dispose();
        Fuzzer.Run("training checkpoint", output, [recorder.Checkpoints[^1].Bytes], bytes =>
        {
            try
            {
                TrainingOutcome outcome = new CpuTrainer().Train([job with { Checkpoint = bytes }], new Recorder(), CancellationToken.None)[0];
                Assert.NotEqual(outcome.Network is null, outcome.Divergence is null);
            }
            catch (TrainingDesignException e)
            {
                Assert.Contains("allowed: ", e.Message, StringComparison.Ordinal);
            }
        });
    }
}
