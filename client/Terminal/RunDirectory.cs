using System.Text;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Terminal;

/// <summary>
/// The folder of an embedded run: <c>sweep.db</c>, <c>artifacts/</c>, <c>report/</c>. Default: <c>runs/NAME</c> below the current folder.
/// </summary>
internal sealed class RunDirectory
{
    private const string DefaultRoot = "runs";

    /// <summary>EAGAIN: another process holds the lock.</summary>
    private const int Held = 11;

    private RunDirectory(string path) => FullPath = Path.GetFullPath(path);

    public string FullPath { get; }

    public string Database => Path.Combine(FullPath, "sweep.db");

    public string Artifacts => Path.Combine(FullPath, "artifacts");

    public string Report => Path.Combine(FullPath, "report");

    /// <summary>Where the process that runs the sweep is followed.</summary>
    public string Socket => Path.Combine(FullPath, "live.sock");

    private string LockFile => Path.Combine(FullPath, "sweep.lock");

    /// <summary>As the user would type it.</summary>
    public string Shown => Path.GetRelativePath(Environment.CurrentDirectory, FullPath) is var relative
        && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : FullPath;

    /// <summary>The folder for a sweep of this name, unless <paramref name="given"/>.</summary>
    public static RunDirectory For(string sweepName, string? given) => new(given ?? Path.Combine(DefaultRoot, FolderName(sweepName)));

    /// <summary>An existing run: the given folder, that of the named sweep, or the only one.</summary>
    /// <exception cref="UsageException">No such run, or an ambiguous choice.</exception>
    public static RunDirectory Existing(string? sweepName, string? given)
    {
        if (given is not null)
            return Require(new RunDirectory(given), given);
        if (sweepName is not null)
            return Require(For(sweepName, null), sweepName);
        List<RunDirectory> all = [.. All()];
        return all.Count switch
        {
            1 => all[0],
            0 => throw new UsageException($"no run below {DefaultRoot}/; allowed: --out DIR, or start one with sweep run SPEC"),
            _ => throw new UsageException($"which run? allowed: one of {string.Join(", ", all.Select(r => Path.GetFileName(r.FullPath)))}, or --out DIR"),
        };
    }

    /// <summary>Whether a folder contains a run.</summary>
    public static bool Holds(string? folder) => folder is not null && File.Exists(new RunDirectory(folder).Database);

    /// <summary>All runs below the default root.</summary>
    public static IEnumerable<RunDirectory> All() => Below(DefaultRoot).Where(r => File.Exists(r.Database));

    /// <summary>A folder of runs, as the user would type it: the given one, or the default.</summary>
    public static string Root(string? given) => given ?? DefaultRoot;

    /// <summary>Every folder in a folder of runs, whether it holds a run or not; none where there is no such folder.</summary>
    public static IEnumerable<RunDirectory> Below(string root) =>
        Directory.Exists(root) ? Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal).Select(d => new RunDirectory(d)) : [];

    /// <summary>
    /// Locks the folder for this process until disposed; the operating system releases the lock when the process dies.
    /// </summary>
    /// <exception cref="UsageException">Another process holds the lock, or it is not a folder.</exception>
    public IDisposable Lock()
    {
        if (File.Exists(FullPath))
            throw new UsageException($"--out: {Shown} is a file; allowed: a folder");
        try
        {
            Directory.CreateDirectory(FullPath);
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException io && DiskTrouble.Of(io) is null))
        {
            throw new UsageException($"--out: {Words.Clean(Shown)}: no folder can be made there; allowed: a folder that you may write", e);
        }

        try
        {
            return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UsageException(
                $"--out: {Words.Clean(Shown)}: it can't be written, as it is another user's or protected; allowed: a folder that you may write", e);
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) == Held)
        {
            throw new UsageException($"another process is running in {Shown}; allowed: one at a time, or another --out DIR", e);
        }
    }

    /// <summary>Whether the folder's sweep has trials left, none of which a process works on: it was killed or stopped.</summary>
    public bool IsAbandoned(SweepSummary sweep) => (sweep.Running > 0 || (sweep.Queued + sweep.Held > 0 && !sweep.Paused)) && !IsHeld;

    /// <summary>Whether a process has locked the folder (<see cref="Lock"/>). One that starts at this very moment may find it locked by the question.</summary>
    private bool IsHeld
    {
        get
        {
            try
            {
                using FileStream shared = new(LockFile, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
                return false;
            }
            catch (IOException e) when ((e.HResult & 0xFFFF) == Held)
            {
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // No lock, or one that isn't this user's to ask: as the store says.
                return e is UnauthorizedAccessException;
            }
        }
    }

    /// <summary>The folder's sweep, if that is the one asked for: by its name, its id or the name of a folder for it; null asks for any.</summary>
    /// <exception cref="UsageException">It is another.</exception>
    public static SweepSummary Require(RunDirectory run, SweepSummary found, string? asked) =>
        asked is null || asked == found.Id || FolderName(asked) == FolderName(found.Name)
            ? found
            : throw new UsageException($"no sweep: {Words.Clean(asked)}; {run.Shown} holds {Words.Clean(found.Name)}");

    private static RunDirectory Require(RunDirectory run, string asked)
    {
        if (File.Exists(run.Database))
            return run;
        string[] names = [.. All().Select(r => Path.GetFileName(r.FullPath))];
        string allowed = names.Length == 0 ? "start one with sweep run SPEC" : $"one of {string.Join(", ", names)}, or --out DIR";
        throw new UsageException($"no run: {Words.Clean(asked)} (no {Path.GetRelativePath(Environment.CurrentDirectory, run.Database)}); allowed: {allowed}");
    }

    /// <summary>A name made safe as a path segment.</summary>
    public static string FolderName(string name)
    {
        var safe = new StringBuilder(name.Length);
        foreach (char c in name)
            safe.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_');
        string folder = safe.ToString().TrimStart('.');
        return folder.Length is 0 ? "_" : folder.Length > 100 ? folder[..100] : folder;
    }
}
