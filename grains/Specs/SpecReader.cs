using System.Text;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>
/// Reads a spec (docs/spec.md): checks all of it, fills in every default, and says everything that is wrong rather than the first thing. Reads the
/// data files a spec names; writes nothing. Thread-safe.
/// </summary>
public static class SpecReader
{
    /// <summary>The largest spec file, bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The most trials of a sweep.</summary>
    public const long MaxTrials = 1_000_000;

    /// <summary>Reads a file, with the kinds that there are.</summary>
    public static SpecReading Read(string path) => Read(path, SpecCatalogue.Default);

    /// <summary>Reads a file. One that is missing or unreadable is an error like any other.</summary>
    public static SpecReading Read(string path, SpecCatalogue catalogue)
    {
        ArgumentNullException.ThrowIfNull(path);
        var errors = new SpecErrors(path);
        if (Load(path, errors) is not { } text) return SpecReading.Invalid(errors.ToList());
        return ReadText(text, path, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", catalogue);
    }

    /// <summary>Reads text.</summary>
    /// <param name="fileName">What errors call the file.</param>
    /// <param name="baseDirectory">The folder that data files' paths are relative to.</param>
    public static SpecReading ReadText(string text, string fileName, string baseDirectory, SpecCatalogue catalogue)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(catalogue);
        var errors = new SpecErrors(fileName);
        var interpreter = new SpecInterpreter(catalogue, errors, Path.GetFullPath(baseDirectory), text);
        var spec = YamlTree.Parse(text, errors) is { } root ? interpreter.Read(root) : null;
        return spec is not null && !errors.Any ? SpecReading.Valid(spec, interpreter.Axes) : SpecReading.Invalid(errors.ToList());
    }

    private static string? Load(string path, SpecErrors errors)
    {
        var shown = SpecWords.Show(path);
        try
        {
            if (Directory.Exists(path))
            {
                errors.Add(1, $"{shown} is a folder; allowed: a YAML file");
                return null;
            }

            using var file = File.OpenRead(path);
            var bytes = new byte[MaxBytes + 1];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (count <= MaxBytes) return Decode(bytes.AsSpan(0, count), errors);
            errors.Add(1, $"the file is larger than {MaxBytes} bytes; allowed: at most {MaxBytes}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            errors.Add(1, $"no such file: {shown}; allowed: a YAML file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            errors.Add(1, $"{shown} cannot be read ({SpecWords.Clean(e.Message)}); allowed: a readable YAML file");
        }

        return null;
    }

    private static string? Decode(ReadOnlySpan<byte> bytes, SpecErrors errors)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var line = 1 + bytes[..Math.Clamp(e.Index, 0, bytes.Length)].Count((byte)'\n');
            errors.Add(line, $"not UTF-8: byte 0x{e.BytesUnknown?.FirstOrDefault() ?? 0:x2}; allowed: UTF-8 text");
            return null;
        }
    }
}
