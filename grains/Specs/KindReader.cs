using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Files;
using Sweep.Diffusion.Kinds;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>
/// Reads an entry that names a kind: a bare name, or <c>{kind, name, parameters…}</c>, or <c>{sigma: 2}</c> for a kind that is its first parameter. Creates
/// it once, so that what its declared ranges do not show (a covariance that is none, a ragged row) is reported at the entry's line.
/// </summary>
internal sealed class KindReader(SpecErrors errors, string baseDirectory)
{
    /// <summary>The dataset kind whose <c>path</c> is relative to the spec and whose content is part of a trial's identity.</summary>
    private const string FileKind = "file";

    private const string AllowedFile = "a regular file: CSV, .npy, .npz or Parquet";

    private const int LongestName = 100;

    /// <summary>Reads an entry; null, with errors reported, when it is none.</summary>
    /// <param name="what">What errors call it: <c>axes.dataset</c>.</param>
    public ResolvedKind? Read(KindCatalogue kinds, YamlNode node, string what)
    {
        if (node is YamlMap map) return ReadMap(kinds, map, what);
        if (node is not YamlText text || YamlScalars.IsNull(node))
        {
            errors.Add(node.Line, $"{what}: {ParameterReader.Show(node)}; allowed: {Allowed(kinds)}");
            return null;
        }

        return Resolve(kinds, new YamlEntry("kind", node.Line, text), [], null, what);
    }

    private ResolvedKind? ReadMap(KindCatalogue kinds, YamlMap map, string what)
    {
        List<YamlEntry> given = [.. map.Entries.Where(e => e.Key is not ("kind" or "name"))];
        var kind = map.Find("kind");
        if (kind is null && given.Where(e => kinds.TryGet(e.Key, out var named) && Short(named)).ToList() is [var only])
            kind = new YamlEntry("kind", only.Line, new YamlText(only.Line, only.Key, Plain: true));
        if (kind is null)
        {
            errors.Add(map.Line, $"{what}: no kind; allowed: {Allowed(kinds)}");
            return null;
        }

        string? name = null;
        if (map.Find("name") is { } label && (name = Name(label, what)) is null) return null;
        return Resolve(kinds, kind, given, name, what);
    }

    private ResolvedKind? Resolve(KindCatalogue kinds, YamlEntry kindEntry, IReadOnlyList<YamlEntry> given, string? name, string what)
    {
        if (kindEntry.Value is not YamlText { Text: var kindName } || !kinds.TryGet(kindName, out var kind))
        {
            errors.Add(kindEntry.Value.Line, kindEntry.Value is YamlText unknown && !YamlScalars.IsNull(unknown)
                ? SpecWords.Unknown(kinds.Seam, unknown.Text, kinds.Names)
                : $"{what}.kind: {ParameterReader.Show(kindEntry.Value)}; allowed: {string.Join(", ", kinds.Names)}");
            return null;
        }

        var before = errors.Count;
        foreach (var entry in given.Where(e => kind.Parameters.All(p => !Same(p.Name, e.Key))))
            errors.Add(entry.Line,
                SpecWords.Unknown($"parameter of {kind.Name}", entry.Key, kind.Parameters.Select(p => p.Name).Prepend("name").Prepend("kind")));

        var values = new JsonObject();
        foreach (var parameter in kind.Parameters)
        {
            if (given.FirstOrDefault(e => Same(parameter.Name, e.Key)) is { } entry)
            {
                if (ParameterReader.TryRead(parameter, entry.Value, $"{(Short(kind) ? what : kind.Name)}.{parameter.Name}", errors, out var value)
                    && !parameter.IsOmitted(value))
                    values.Add(parameter.Name, value);
            }
            else if (parameter.Required)
                errors.Add(kindEntry.Line, $"{kind.Name}: no {parameter.Name}; allowed: {ParameterReader.Allowed(parameter)}");
            else if (parameter.DefaultValue is { } value && !parameter.IsOmitted(value))
                values.Add(parameter.Name, value.DeepClone());
        }

        LeaveOut(kind, values, given);
        if (errors.Count > before) return null;
        if (Same(kind.Name, FileKind) && !AddContent(values, given)) return null;
        if (Create(kind, values, kindEntry, given) is not { } created) return null;
        name ??= Short(kind) ? ShortName(kind, values) : kind.Name;
        var resolved = new JsonObject { ["kind"] = kind.Name, ["name"] = name, ["parameters"] = values };
        return new ResolvedKind(resolved, name, CanonicalJson.WriteIdentity(resolved), kindEntry.Line, created);
    }

    /// <summary>Takes out the values of parameters that mean nothing beside another's; such a one may not be written.</summary>
    private void LeaveOut(KindEntry kind, JsonObject values, IReadOnlyList<YamlEntry> given)
    {
        foreach (var parameter in kind.Parameters)
        {
            if (parameter.OnlyWith is not { } other || Same(values[other.Name]?.ToString() ?? "", other.Text)) continue;
            if (given.FirstOrDefault(e => Same(e.Key, parameter.Name)) is { } entry)
                errors.Add(entry.Line, $"{kind.Name}.{parameter.Name}: {ParameterReader.Show(entry.Value)}; allowed: only with {other.Name}: {other.Text}");
            values.Remove(parameter.Name);
        }
    }

    /// <summary>Makes <c>path</c> absolute and adds the content's <c>sha256</c>.</summary>
    private bool AddContent(JsonObject values, IReadOnlyList<YamlEntry> given)
    {
        var line = given.First(e => Same(e.Key, "path")).Value.Line;
        var written = values["path"]!.GetValue<string>();
        var shown = SpecWords.Show(written);
        try
        {
            var path = Path.GetFullPath(written, baseDirectory);
            using var content = RegularFile.Open(path);
            if (content.Length == 0)
            {
                errors.Add(line, $"file.path: {shown} is empty; allowed: {AllowedFile}");
                return false;
            }

            values["path"] = path;
            values["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content));
            return true;
        }
        catch (NotRegularFileException e)
        {
            errors.Add(line, $"file.path: {shown} is a {e.Kind.ToString().ToLowerInvariant()}; allowed: {AllowedFile}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            errors.Add(line, $"file.path: no such file: {shown}; allowed: a file, relative to the spec's folder {SpecWords.Show(baseDirectory)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            errors.Add(line, $"file.path: {shown} cannot be read ({SpecWords.Clean(e.Message)}); allowed: a readable file");
        }

        return false;
    }

    private object? Create(KindEntry kind, JsonObject values, YamlEntry kindEntry, IReadOnlyList<YamlEntry> given)
    {
        try
        {
            return kind.Create(new ParameterValues(values));
        }
        catch (KindException e)
        {
            // Messages start with the parameter they are about; its line is nearer than the entry's.
            var about = given.FirstOrDefault(g => e.Message.StartsWith(g.Key, StringComparison.Ordinal));
            var message = SpecWords.Clean(Same(kind.Name, FileKind) ? AboutFile(e, values["path"]!.GetValue<string>()) : e.Message);
            errors.Add(about?.Line ?? kindEntry.Line, Short(kind) ? message : $"{kind.Name}: {message}");
            return null;
        }
    }

    /// <summary>
    /// The message about a data file. A spec written by somebody else may name any file: errors quote content only of files in the spec's folder.
    /// </summary>
    private string AboutFile(KindException error, string path) => IsOwn(path) ? error.Message
        : $"{error.WithoutContent(path) ?? $"{path} can't be read as data"} (content of files outside the spec's folder {baseDirectory} is not shown)";

    private bool IsOwn(string path)
    {
        try
        {
            return SpecFolder.Holds(baseDirectory, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string? Name(YamlEntry entry, string what)
    {
        if (entry.Value is YamlText text && !YamlScalars.IsNull(text) && !string.IsNullOrWhiteSpace(text.Text) && text.Text.Length <= LongestName
            && Same(SpecWords.Clean(text.Text), text.Text))
            return text.Text;
        errors.Add(entry.Value.Line, $"{what}.name: {ParameterReader.Show(entry.Value)}; allowed: text of 1 to {LongestName} printable characters, not blank");
        return null;
    }

    private static string Allowed(KindCatalogue kinds)
    {
        var names = string.Join(", ", kinds.Kinds.Select(k => Short(k) ? $"{{{k.Name}: …}}" : k.Name));
        return kinds.Kinds.Any(Short) ? names : $"{names}, or {{kind: …, parameters}}";
    }

    /// <summary>
    /// A kind that is its first parameter: <c>{sigma: 2}</c> says <c>{kind: sigma, sigma: 2}</c>, and is called <c>sigma 2</c>; any others are flags, called by
    /// their names where they are set.
    /// </summary>
    private static bool Short(KindEntry kind) => kind.Parameters is [var parameter, ..] && parameter.Required && Same(parameter.Name, kind.Name);

    private static string ShortName(KindEntry kind, JsonObject values) => string.Join(
        ' ', kind.Parameters.Skip(1).Where(p => values[p.Name]?.GetValueKind() is System.Text.Json.JsonValueKind.True).Select(p => p.Name)
            .Prepend($"{kind.Name} {ReadAxis.Text(values[kind.Name]!)}"));

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
