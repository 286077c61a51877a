namespace Sweep.Grains.Specs.Yaml;

/// <summary>A mapping, in the document's order. Keys are unique: <see cref="YamlTree"/> reports and drops a second one.</summary>
internal sealed record YamlMap(int Line, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line)
{
    public YamlEntry? Find(string key) => Entries.FirstOrDefault(e => string.Equals(e.Key, key, StringComparison.Ordinal));
}
