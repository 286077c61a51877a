using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sweep.Grains.Specs.Yaml;

/// <summary>
/// Turns YAML text into nodes with lines, within limits: a document that grows beyond them through aliases or nesting is an error and costs
/// neither memory nor stack. Of YAML's extras anchors and aliases work; tags other than <c>!!str</c> and further documents are errors.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>Nodes of a document, a repeated alias counted each time.</summary>
    public const int MaxNodes = 100_000;

    /// <summary>Lists and mappings within each other.</summary>
    public const int MaxDepth = 32;

    private readonly Parser _parser;
    private readonly SpecErrors _errors;
    private readonly Dictionary<AnchorName, (YamlNode? Node, int Size)> _anchors = [];
    private int _nodes;

    private YamlTree(string text, SpecErrors errors)
    {
        _parser = new Parser(new StringReader(text));
        _errors = errors;
    }

    /// <summary>The document's root; null when it is empty or broken, which has then been reported.</summary>
    public static YamlNode? Parse(string text, SpecErrors errors)
    {
        var tree = new YamlTree(text, errors);
        try
        {
            return tree.Document();
        }
        catch (LimitException e)
        {
            errors.Add(e.Line, e.Message);
        }
        catch (YamlException e) when (TabLine(text) is { } tab && e.Message.Contains("tab", StringComparison.Ordinal))
        {
            // YamlDotNet's own line is that of the enclosing mapping.
            errors.Add(tab, "a tab as indentation; allowed: spaces");
        }
        catch (YamlException e)
        {
            errors.Add((int)Math.Max(1, e.Start.Line), $"not valid YAML: {SpecWords.Clean(e.Message)} (column {e.Start.Column}); allowed: YAML 1.2");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // YamlDotNet 16.3 lets some broken texts ("[a\nx: }") out as these, without a line: the last good event's is the nearest.
            errors.Add(tree._parser.Current is { } last ? LineOf(last) : 1, "not valid YAML near here; allowed: YAML 1.2");
        }

        return null;
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            _errors.Add(1, "the file is empty; allowed: a mapping with at least the keys sweep and axes");
            return null;
        }

        var root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
            throw new LimitException(LineOf(second), "a second document; allowed: one per file");
        return root;
    }

    private YamlNode Node(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias)) return Alias(alias);
        var start = _nodes;
        var line = LineOf(_parser.Current!);
        if (depth > MaxDepth) throw new LimitException(line, $"lists and mappings nested deeper than {MaxDepth}; allowed: at most {MaxDepth} levels");
        Count(1, line);

        var anchor = (_parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        // Known but unfinished: an alias inside its own anchor would be endless.
        if (!anchor.IsEmpty) _anchors[anchor] = (null, 0);
        YamlNode node;
        if (_parser.TryConsume<Scalar>(out var scalar)) node = Text(scalar, line);
        else if (_parser.TryConsume<SequenceStart>(out var list)) node = List(list, line, depth);
        else node = Map(_parser.Consume<MappingStart>(), line, depth);
        if (!anchor.IsEmpty) _anchors[anchor] = (node, _nodes - start);
        return node;
    }

    private YamlText Text(Scalar scalar, int line)
    {
        var isString = Tag(scalar, line);
        return new YamlText(line, scalar.Value, scalar.Style == ScalarStyle.Plain && !isString);
    }

    private YamlList List(SequenceStart start, int line, int depth)
    {
        Tag(start, line);
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(depth + 1));
        return new YamlList(line, items);
    }

    private YamlMap Map(MappingStart start, int line, int depth)
    {
        Tag(start, line);
        var entries = new List<YamlEntry>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is not YamlText name)
                _errors.Add(key.Line, "a key that is a list or a mapping; allowed: a name");
            else if (lines.TryGetValue(name.Text, out var first))
                _errors.Add(name.Line, $"duplicate key: {SpecWords.Show(name.Text)} (first on line {first}); allowed: each key once");
            else
            {
                lines.Add(name.Text, name.Line);
                entries.Add(new YamlEntry(name.Text, name.Line, value));
            }
        }

        return new YamlMap(line, entries);
    }

    private YamlNode Alias(AnchorAlias alias)
    {
        var line = LineOf(alias);
        if (!_anchors.TryGetValue(alias.Value, out var known))
            throw new LimitException(line, $"unknown alias: *{SpecWords.Show(alias.Value.Value)}; allowed: an anchor above it");
        if (known.Node is null)
            throw new LimitException(line, $"an alias inside its own anchor: *{SpecWords.Show(alias.Value.Value)}; allowed: an anchor above it");
        Count(known.Size, line);
        return known.Node with { Line = line };
    }

    private void Count(int nodes, int line)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes) throw new LimitException(line, $"more than {MaxNodes} values, aliases counted each time; allowed: at most {MaxNodes}");
    }

    private bool Tag(NodeEvent node, int line)
    {
        if (node.Tag.IsEmpty || node.Tag.IsNonSpecific) return false;
        if (node.Tag.Value is "tag:yaml.org,2002:str") return true;
        _errors.Add(line, $"a tag: {SpecWords.Show(node.Tag.Value)}; allowed: none but !!str");
        return false;
    }

    /// <summary>The first line that is indented with a tab.</summary>
    private static int? TabLine(string text)
    {
        var line = 1;
        foreach (var content in text.AsSpan().EnumerateLines())
        {
            if (content[..(content.Length - content.TrimStart().Length)].Contains('\t')) return line;
            line++;
        }

        return null;
    }

    private static int LineOf(ParsingEvent e) => (int)Math.Max(1, e.Start.Line);

    private sealed class LimitException(int line, string message) : Exception(message)
    {
        public int Line { get; } = line;
    }
}
