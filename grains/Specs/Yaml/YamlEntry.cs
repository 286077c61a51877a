namespace Sweep.Grains.Specs.Yaml;

/// <summary>A key of a mapping, the key's line and its value.</summary>
internal sealed record YamlEntry(string Key, int Line, YamlNode Value);
