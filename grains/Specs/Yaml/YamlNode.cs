namespace Sweep.Grains.Specs.Yaml;

/// <summary>A piece of a YAML document, with the line (from 1) on which it starts.</summary>
internal abstract record YamlNode(int Line);
