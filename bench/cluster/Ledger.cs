using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sweep.Bench.Cluster;

/// <summary>What was measured: a table on the console at the end, and <c>last.json</c>, in which each section replaces its part.</summary>
internal sealed class Ledger(string file)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<(string What, string Measured, string Target, string Met)> _rows = [];
    private readonly JsonObject _sections = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))!.AsObject() : [];

    /// <summary>The load average of the last minute: what the machine had to do besides.</summary>
    public static string Load => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    /// <param name="met">Null where the target is for another size than was run.</param>
    public void Row(string what, string measured, string target, bool? met) =>
        _rows.Add((what, measured, target, met switch { true => "met", false => "missed", null => "not of this size" }));

    /// <summary>Keeps a section's figures.</summary>
    public void Keep(string section, JsonObject figures, string loadBefore)
    {
        figures["cores"] = Environment.ProcessorCount;
        figures["load_before"] = loadBefore;
        figures["measured"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture);
        _sections[section] = figures;
        File.WriteAllText(file, _sections.ToJsonString(Indented) + "\n");
    }

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine("| what | measured | target | |");
        Console.WriteLine("|---|---|---|---|");
        foreach ((string what, string measured, string target, string met) in _rows)
            Console.WriteLine($"| {what} | {measured} | {target} | {met} |");
    }
}
