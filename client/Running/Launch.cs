using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sweep.Client.Terminal;
using Sweep.Diffusion.Files;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;

namespace Sweep.Client.Running;

/// <summary>Submits a spec's trials: the first part of <c>sweep run</c>, and all of <c>sweep launch</c>.</summary>
internal static class Launch
{
    /// <summary>Larger data files are not kept in a cluster's store: every silo needs its own copy.</summary>
    public const long LargestStoredFileBytes = 64L << 20;

    public static List<PlannedTrial> Plan(SweepSpec spec) =>
        [.. TrialExpansion.All(spec).Select(TrialNeeds.Plan)];

    /// <summary>Refuses data files outside the spec's folder: everybody with access to the store could read them.</summary>
    /// <param name="specPath">The spec's file.</param>
    /// <exception cref="UsageException">There is one.</exception>
    public static void RequireOwnFiles(string specPath, IEnumerable<PlannedTrial> trials)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(specPath))!;
        IEnumerable<string> files = trials
            .Select(t => t.Trial.Dataset.Parameters)
            .Where(p => p.ContainsKey("sha256"))
            .Select(p => p["path"]!.GetValue<string>());
        foreach (string path in files.Distinct(StringComparer.Ordinal))
        {
            if (new FileInfo(path).Length <= LargestStoredFileBytes && !SpecFolder.Holds(folder, path))
            {
                throw new UsageException(
                    $"{Words.Clean(path)} is outside the spec's folder and would be stored with the sweep; "
                    + $"allowed: files below {Words.Clean(folder)}, or --allow-outside");
            }
        }
    }

    /// <summary>Stores the data files that the trials read, so that silos on other machines have them. Returns those too large for that.</summary>
    /// <exception cref="UsageException">A file changed since the spec was read.</exception>
    public static async Task<IReadOnlyList<string>> StoreFilesAsync(
        ISweepOperations store, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken)
    {
        List<string> large = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (KindSpec dataset in trials.Select(t => t.Trial.Dataset))
        {
            if (dataset.Parameters["sha256"] is not JsonValue hash || !seen.Add(hash.GetValue<string>()))
                continue;
            string path = dataset.Parameters["path"]!.GetValue<string>();
            await using FileStream file = RegularFile.Open(path);
            if (file.Length > LargestStoredFileBytes)
            {
                large.Add(path);
                continue;
            }

            // As long as it was a moment ago: what is written behind that, or cut off, has changed.
            byte[] content = new byte[file.Length];
            content = content[..await file.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)];
            string sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
            if (sha256 != hash.GetValue<string>())
                throw new UsageException($"the file changed while the sweep was launched: {Words.Clean(path)}; allowed: a file that stays as it is");
            await store.StoreFileAsync(sha256, content, cancellationToken).ConfigureAwait(false);
        }

        return large;
    }
}
