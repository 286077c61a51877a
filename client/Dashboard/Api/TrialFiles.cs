using Sweep.Client.Terminal;
using Sweep.Diffusion.Files;
using Sweep.Silo;

namespace Sweep.Client.Dashboard.Api;

/// <summary>A trial's artifacts on this machine: regular files directly in its folder, never through a link.</summary>
internal static class TrialFiles
{
    /// <summary>The files; null if they are on another machine.</summary>
    public static IReadOnlyList<FileView>? Of(RunDirectory? run, string sweepId, string trialId)
    {
        if (run is null)
            return null;
        if (Folder(run, trialId) is not { } folder)
            return [];
        string url = $"/api/sweeps/{Uri.EscapeDataString(sweepId)}/trials/{Uri.EscapeDataString(trialId)}/artifacts/";
        return [.. folder.EnumerateFiles().Where(f => IsPlain(f)).OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => new FileView(f.Name, f.Length, url + Uri.EscapeDataString(f.Name)))];
    }

    /// <summary>A trial's samples; null if they aren't on this machine, or don't exist yet.</summary>
    public static FileStream? OpenSamples(RunDirectory? run, string trialId) =>
        Open(run, trialId, Path.GetFileName(new TrialArtifacts("", trialId).SamplesPath));

    /// <summary>Opens one of the listed files; null for anything else.</summary>
    public static FileStream? Open(RunDirectory? run, string trialId, string name)
    {
        if (run is null || Folder(run, trialId) is not { } folder)
            return null;

        // Names are only compared with the listing, never joined to a path.
        FileInfo? file = folder.EnumerateFiles().FirstOrDefault(f => f.Name == name && IsPlain(f));
        try
        {
            return file?.Open(new FileStreamOptions
            {
                Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous,
            });
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Regular, not a link, not hidden (files being written start with a dot). Opening a pipe would block, opening a device may have effects.
    /// </summary>
    private static bool IsPlain(FileInfo file) => file.LinkTarget is null && !file.Attributes.HasFlag(FileAttributes.ReparsePoint) && !file.Name.StartsWith('.')
        && RegularFile.KindOf(file.FullName) is FileKind.Regular or FileKind.Unknown;

    private static DirectoryInfo? Folder(RunDirectory run, string trialId)
    {
        // Hexadecimal digits, unless the store was tampered with.
        if (trialId.Length is 0 or > 64 || !trialId.All(char.IsAsciiLetterOrDigit))
            return null;
        DirectoryInfo folder = new(Path.Combine(run.Artifacts, trialId));
        return folder.Exists && folder.LinkTarget is null ? folder : null;
    }
}
