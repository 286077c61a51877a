using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>A run on a disk that is full: one line, exit code 3, and with room again it goes on. Needs root, for a disk of its own.</summary>
public sealed class FullDiskTests
{
    [Theory]
    [InlineData("60k")]
    [InlineData("400k")]
    public async Task Run_WhenTheDiskIsFull_Exits3AndGoesOnWithRoomAgain(string size)
    {
        if (!Environment.IsPrivilegedProcess || !OperatingSystem.IsLinux())
            Assert.Skip("needs root, to mount a small disk");
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        string disk = Directory.CreateDirectory(Path.Combine(scratch.Path, "disk")).FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", disk) != 0)
            Assert.Skip("may not mount a small disk");
        try
        {
            SweepOutcome full = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--out", "disk/run");

            Assert.True(full.ExitCode == 3, $"exit {full.ExitCode}: {full.Error}");
            Assert.Contains("sweep: no space left", full.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", full.Error, StringComparison.Ordinal);

            Assert.Equal(0, Run("mount", "-o", "remount,size=64m", disk));
            SweepOutcome again = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--out", "disk/run");
            Assert.True(again.ExitCode == 0, again.Error);
            Assert.Equal(8, JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(disk, "run", "report", "report.json"), TestContext.Current.CancellationToken))!["trials"]!["completed"]!.GetValue<int>());
        }
        finally
        {
            Run("umount", disk);
        }
    }

    /// <summary>As of a run that was archived: it can be read, and what would write says why it can't.</summary>
    [Fact]
    public async Task Commands_WhenTheFolderIsOnAReadOnlyDisk_ReadItAndSayWhatTheyCanNotDo()
    {
        if (!Environment.IsPrivilegedProcess || !OperatingSystem.IsLinux())
            Assert.Skip("needs root, to mount a disk");
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        string disk = Directory.CreateDirectory(Path.Combine(scratch.Path, "disk")).FullName;
        if (Run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk) != 0)
            Assert.Skip("may not mount a disk");
        try
        {
            SweepOutcome first = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--out", "disk/run");
            Assert.True(first.ExitCode == 0, first.Error);
            Assert.Equal(0, Run("mount", "-o", "remount,ro", disk));

            SweepOutcome status = await SweepProcess.RunAsync(scratch.Path, "status", "--out", "disk/run");
            SweepOutcome retry = await SweepProcess.RunAsync(scratch.Path, "retry", "--out", "disk/run");
            SweepOutcome run = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--out", "disk/run");

            Assert.True(status.ExitCode == 0, status.Error);
            Assert.Contains("8/8 trials", status.Output, StringComparison.Ordinal);
            Assert.Equal(3, retry.ExitCode);
            Assert.Contains("the store is read-only: ", retry.Error, StringComparison.Ordinal);
            Assert.Equal(3, run.ExitCode);
            Assert.StartsWith("sweep: a read-only file system; copy the folder to where it can be written", run.Error, StringComparison.Ordinal);
        }
        finally
        {
            Run("umount", disk);
        }
    }

    private static int Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
