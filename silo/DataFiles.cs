using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Files;
using Sweep.Grains.Specs;
using Sweep.Silo.Preparation;

namespace Sweep.Silo;

/// <summary>
/// Finds the file of a dataset: where the spec says, in the silo's own copy, or in the store; always with the content that the trial's identity names.
/// Thread-safe.
/// </summary>
/// <param name="directory">Where copies are kept; made when needed.</param>
/// <param name="fetch">The content by its SHA-256; null when the store lacks it.</param>
public sealed class DataFiles(string directory, Func<string, byte[]?> fetch)
{
    /// <summary>A path whose content has this hash.</summary>
    /// <exception cref="TrialFailedException">There is none.</exception>
    public string Find(string path, string sha256)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
            throw new TrialFailedException($"sha256 of {path}: {sha256}; allowed: 64 hexadecimal digits");
        bool there = IsFile(path);
        if (there && Hash(path) == sha256)
            return path;
        string copy = Path.Combine(directory, sha256 + Path.GetExtension(path));
        if (File.Exists(copy) && Hash(copy) == sha256)
            return copy;
        if (fetch(sha256) is not { } content)
            throw Lacking(there ? Changed(path) : $"no such file: {path}; allowed: the file with which the sweep was launched");
        Directory.CreateDirectory(directory);
        AtomicFile.WriteUnflushed(copy, content);
        return Hash(copy) == sha256 ? copy : throw Lacking($"the store's copy of {path} is damaged; allowed: content with SHA-256 {sha256}");
    }

    /// <summary>The trial with its dataset's path leading to the content that it names. Without a store the file must be where the spec says.</summary>
    internal static TrialSpec Locate(TrialSpec trial, DataFiles? files)
    {
        JsonObject parameters = trial.Dataset.Parameters;
        if (parameters["sha256"] is not JsonValue hash || parameters["path"] is not JsonValue place)
            return trial;
        string sha256 = hash.GetValue<string>();
        string path = place.GetValue<string>();
        string found = files?.Find(path, sha256) ?? path;
        if (files is null && IsFile(path) && Hash(path) != sha256)
            throw Lacking(Changed(path));
        JsonObject located = parameters.DeepClone().AsObject();
        located["path"] = found;
        return trial with { Dataset = trial.Dataset with { Parameters = located } };
    }

    /// <summary>Another silo may have the file.</summary>
    private static TrialFailedException Lacking(string message) => new(message) { MustRepeat = false };

    private static string Changed(string path) => $"the file has changed since the sweep was submitted: {path}; allowed: the same content";

    /// <summary>Whether there is something to read: a pipe in a file's place would be waited for.</summary>
    private static bool IsFile(string path) => File.Exists(path) && RegularFile.KindOf(path) is FileKind.Regular or FileKind.Unknown;

    private static string Hash(string path)
    {
        using FileStream stream = RegularFile.Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
