using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>A run on a disk that is full: one line, exit code 3, and with room again it goes on. Needs root, for a disk of its own.</summary>
public sealed class FullDiskTests
{
    /// <summary>Refuses writes below a folder, after some bytes, with an error of the system's.</summary>
    private const string Deny =
        """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        static long left = -1;
        static int deny(int fd, size_t n) {
          char link[64], path[4096];
          const char *folder = getenv("DENY");
          snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
          ssize_t length = readlink(link, path, sizeof path - 1);
          if (length < 0) return 0;
          path[length] = 0;
          if (strncmp(path, folder, strlen(folder))) return 0;
          if (left < 0) left = atol(getenv("DENY_AFTER"));
          if ((long)n > left) { errno = atoi(getenv("DENY_WITH")); return 1; }
          left -= n;
          return 0;
        }
        ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at) {
          static ssize_t (*real)(int, const void *, size_t, off64_t);
          if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
          return deny(fd, n) ? -1 : real(fd, data, n, at);
        }
        ssize_t pwrite(int fd, const void *data, size_t n, off_t at) { return pwrite64(fd, data, n, at); }
        ssize_t write(int fd, const void *data, size_t n) {
          static ssize_t (*real)(int, const void *, size_t);
          if (!real) real = dlsym(RTLD_NEXT, "write");
          return deny(fd, n) ? -1 : real(fd, data, n);
        }
        """;

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
            string written = await File.ReadAllTextAsync(Path.Combine(disk, "run", "report", "report.json"), TestContext.Current.CancellationToken);
            Assert.Equal(8, JsonNode.Parse(written)!["trials"]!["completed"]!.GetValue<int>());
        }
        finally
        {
            Run("umount", disk);
        }
    }

    /// <summary>SQLite has a code for a full disk alone: what else a disk refuses is an I/O error to it, and was tried again without end.</summary>
    [Theory]
    [InlineData(122, "no space left on ")]
    [InlineData(30, "the store is read-only: ")]
    public async Task Run_WhenWritesAreRefusedMidway_Exits3AndSaysWhy(int errno, string says)
    {
        using var scratch = new Scratch();
        string source = scratch.Write("deny.c", Deny), library = Path.Combine(scratch.Path, "deny.so");
        if (!OperatingSystem.IsLinux() || Run("sh", "-c", "command -v clang >/dev/null") != 0
            || Run("clang", "-shared", "-fPIC", "-o", library, source, "-ldl") != 0)
            Assert.Skip("needs clang, to refuse writes in place of the system");
        scratch.Write("tiny.yaml", TinySpec.Quick);
        string[] under = ["env", $"LD_PRELOAD={library}", $"DENY={Path.Combine(scratch.Path, "run")}", "DENY_AFTER=300000", $"DENY_WITH={errno}"];

        using SweepProcess process = SweepProcess.StartUnder(under, scratch.Path, "run", "tiny.yaml", "--out", "run");
        SweepOutcome outcome = await process.EndAsync();

        Assert.True(outcome.ExitCode == 3, $"exit {outcome.ExitCode}: {outcome.Error}");
        Assert.Contains($"sweep: {says}", outcome.Error, StringComparison.Ordinal);
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
