using System.Diagnostics;

namespace Sweep.Tests.Client.Chaos;

/// <summary>
/// A disk of a few megabytes (tmpfs) that only one process and its children see, mounted where that process works; gone with it. The test fills it through
/// <c>/proc/PID/root</c>.
/// </summary>
internal sealed class SmallDisk
{
    private const int Block = 4096;
    private static readonly string[] Namespace = Environment.IsPrivilegedProcess ? ["unshare", "-m"] : ["unshare", "-rm"];
    private string _folder = string.Empty;

    /// <summary>Why there is none on this machine; null when there is.</summary>
    public static string? Missing()
    {
        try
        {
            using var scratch = new Scratch();
            string[] command = new SmallDisk().Mounting(scratch.Path);
            using Process process =
                Process.Start(new ProcessStartInfo(command[0], [.. command[1..], "true"]) { UseShellExecute = false, RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"no small disk can be mounted here: {error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"no small disk can be mounted here: {e.Message}";
        }
    }

    /// <summary>What a command line is put after so that it finds the disk at a folder and works there.</summary>
    public string[] Mounting(string folder)
    {
        _folder = folder;
        return [.. Namespace, "sh", "-c", "mount -t tmpfs -o size=8m tmpfs \"$0\" && cd \"$0\" && exec \"$@\"", folder];
    }

    /// <summary>Takes all room that there is now.</summary>
    public void Fill(SweepProcess process)
    {
        using FileStream file = new(Filler(process), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        byte[] block = new byte[Block];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free(SweepProcess process) => File.Delete(Filler(process));

    private string Filler(SweepProcess process) => $"/proc/{process.Id}/root{_folder}/filler";
}
