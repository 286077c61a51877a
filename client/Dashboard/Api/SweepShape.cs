using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard.Api;

/// <summary>A sweep's grid, or its search's points: maps ordinals to axis values.</summary>
internal sealed class SweepShape
{
    public const string Seed = "seed";

    private readonly string[][] _labels;
    private readonly OrdinalDigit[] _digits;

    public SweepShape(SweepSpec spec)
    {
        Spec = spec;
        Names = [.. spec.Axes.Select(a => a.Name)];
        _labels = [.. spec.Axes.Select(a => a.Values.Select(Label).ToArray())];
        _digits = new OrdinalDigit[spec.Axes.Count];
        long divisor = spec.Seeds.Count;
        for (int axis = _digits.Length - 1; axis >= 0; axis--)
        {
            _digits[axis] = spec.Places.IsGrid ? new OrdinalDigit(divisor, spec.Axes[axis].Values.Count) { Below = Compared }
                : new OrdinalDigit(spec.Seeds.Count, spec.Axes[axis].Values.Count) { ByGroup = [.. spec.Places.All().Select(p => p[axis])] };
            divisor *= spec.Axes[axis].Values.Count;
        }
    }

    public SweepSpec Spec { get; }

    /// <summary>Trials from this number on tune, and are on no grid.</summary>
    private long Compared => Spec.Tune is null ? long.MaxValue : Spec.ComparedCount;

    /// <summary>The names of the axes, without the seed.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Trials per group: the number of seeds.</summary>
    public int GroupSize => Spec.Seeds.Count;

    public static string Label(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value?.ToJsonString() ?? "null";

    /// <summary>A trial's labels, by axis.</summary>
    public IEnumerable<string> Labels(long ordinal) => _digits.Select((digit, axis) => _labels[axis][digit.Of(ordinal)]);

    public Dictionary<string, string> KeyOfGroup(int group)
    {
        Dictionary<string, string> key = new(StringComparer.Ordinal);
        int axis = 0;
        foreach (string label in Labels((long)group * GroupSize))
            key[Names[axis++]] = label;
        return key;
    }

    public long SeedOf(long ordinal) => Spec.Seeds[(int)(ordinal % GroupSize)];

    /// <summary>Resolves a filter <c>where.AXIS=LABEL</c>.</summary>
    /// <exception cref="ApiException">No such axis or value.</exception>
    public OrdinalDigit Place(string axis, string label)
    {
        if (axis == Seed)
        {
            int at = long.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed) ? Spec.Seeds.ToList().IndexOf(seed) : -1;
            return at >= 0 ? new OrdinalDigit(1, GroupSize, at) { Below = Compared }
                : throw Unknown($"where.seed: {Words.Clean(label)}", "a seed of the sweep");
        }

        int index = Names.ToList().IndexOf(axis);
        if (index < 0)
            throw Unknown($"no axis: {Words.Clean(axis)}", string.Join(", ", Names.Append(Seed)));
        int value = Array.IndexOf(_labels[index], label);
        return value >= 0 ? _digits[index] with { Value = value }
            : throw Unknown($"where.{axis}: {Words.Clean(label)}", string.Join(", ", _labels[index].Take(20)));
    }

    private static ApiException Unknown(string what, string allowed) => new(400, $"{what}; allowed: {Words.Clean(allowed)}");
}
