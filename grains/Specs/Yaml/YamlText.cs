namespace Sweep.Grains.Specs.Yaml;

/// <summary>A scalar. Only a plain (unquoted) one is typed; a quoted or tagged <c>!!str</c> one is always a string.</summary>
internal sealed record YamlText(int Line, string Text, bool Plain) : YamlNode(Line);
