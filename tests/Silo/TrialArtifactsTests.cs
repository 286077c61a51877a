using Sweep.Silo;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Silo;

public sealed class TrialArtifactsTests
{
    [Fact]
    public void ReadCheckpoint_WhenABitIsFlippedOrItIsAnotherTrainings_GivesNone()
    {
        using var scratch = new Scratch();
        var artifacts = new TrialArtifacts(scratch.Path, "00ff") { Training = "this" };
        var another = new TrialArtifacts(scratch.Path, "00ff") { Training = "another" };
        artifacts.WriteCheckpoint([1, 2, 3]);
        artifacts.WriteSnapshot(30, [4]);
        string path = Path.Combine(scratch.Path, "00ff", "checkpoint.bin");
        byte[] whole = File.ReadAllBytes(path);

        Assert.Null(another.ReadCheckpoint());
        Assert.Null(another.ReadSnapshot(30));
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, flipped);
            Assert.Null(artifacts.ReadCheckpoint());
        }

        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Null(artifacts.ReadCheckpoint());
        }

        File.Copy(Path.Combine(scratch.Path, "00ff", "snapshot-30.safetensors"), Path.Combine(scratch.Path, "00ff", "snapshot-40.safetensors"));
        Assert.Null(artifacts.ReadSnapshot(40));
        File.WriteAllBytes(path, whole);
        Assert.Equal([1, 2, 3], artifacts.ReadCheckpoint());
    }

    [Fact]
    public void ReadLosses_WhenABitIsFlippedOrTheyAreAnotherTrainings_GivesNone()
    {
        using var scratch = new Scratch();
        var artifacts = new TrialArtifacts(scratch.Path, "00ff") { Training = "this" };
        artifacts.WriteLosses([1, 2, 3]);
        string path = Path.Combine(scratch.Path, "00ff", "losses.bin");
        byte[] whole = File.ReadAllBytes(path);

        Assert.Equal([1, 2, 3], artifacts.ReadLosses());
        Assert.Null(new TrialArtifacts(scratch.Path, "00ff") { Training = "another" }.ReadLosses());
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, flipped);
            Assert.Null(artifacts.ReadLosses());
        }
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("")]
    [InlineData("abc/def")]
    public void Constructor_WhenTheIdIsNoHash_Refuses(string id) =>
        Assert.Throws<ArgumentException>(() => new TrialArtifacts("/tmp", id));

    [Fact]
    public void Checkpoint_WhenWrittenAndDropped_ComesAndGoes()
    {
        using var scratch = new Scratch();
        var artifacts = new TrialArtifacts(scratch.Path, "00ff");
        Assert.Null(artifacts.ReadCheckpoint());
        artifacts.WriteCheckpoint([1, 2, 3]);
        artifacts.WriteCheckpoint([4, 5]);
        Assert.Equal([4, 5], artifacts.ReadCheckpoint());
        Assert.Single(Directory.GetFiles(Path.Combine(scratch.Path, "00ff")));
        artifacts.DropCheckpoint();
        Assert.Null(artifacts.ReadCheckpoint());
    }

    [Fact]
    public void Snapshots_WhenDropped_AreGoneAndNothingElseIs()
    {
        using var scratch = new Scratch();
        var artifacts = new TrialArtifacts(scratch.Path, "00ff");
        artifacts.DropSnapshots();
        artifacts.WriteWeights([7]);
        artifacts.WriteSnapshot(0, [1]);
        artifacts.WriteSnapshot(30, [2]);
        Assert.Equal([2], artifacts.ReadSnapshot(30));
        Assert.Null(artifacts.ReadSnapshot(3));
        artifacts.DropSnapshots();
        Assert.Null(artifacts.ReadSnapshot(30));
        Assert.Equal([artifacts.WeightsPath], Directory.GetFiles(Path.Combine(scratch.Path, "00ff")));
    }
}
