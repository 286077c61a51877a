using System.Text.Json.Nodes;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What the headline metric did not compare, and why: no sentence may speak of it as if it had.</summary>
internal sealed class Coverage
{
    private readonly Evidence _evidence;
    private readonly ComparisonPlan _plan;
    private readonly TrialsSection _trials;
    private readonly (JsonObject Place, int[][] Grid)[] _places;

    public Coverage(Evidence evidence, ComparisonPlan plan, TrialsSection trials)
    {
        (_evidence, _plan, _trials) = (evidence, plan, trials);
        _places = [.. plan.Places().GroupBy(p => evidence.PlaceOf(p).ToJsonString(), StringComparer.Ordinal)
            .Select(g => (evidence.PlaceOf(g.First()), g.ToArray()))];
        Arms = [.. evidence.Arms.Skip(1).Where(b => !_places.Any(p => evidence.Compared(p.Place, b)))];
        Places = [.. _places.Select(p => p.Place).Where(p => !evidence.Arms.Skip(1).Any(b => evidence.Compared(p, b)))];
    }

    /// <summary>Arms that were compared with the baseline nowhere.</summary>
    public IReadOnlyList<string> Arms { get; }

    /// <summary>Data sets and schedules at which no arm was compared.</summary>
    public IReadOnlyList<JsonObject> Places { get; }

    /// <summary>Whether anything can still come.</summary>
    public bool Unfinished => _trials.Unfinished > 0;

    /// <summary>
    /// <c>Not compared: moons (its density is not known).</c>; null where everything was. Where nothing was compared at all, by the reasons alone.
    /// </summary>
    public string? Words()
    {
        // With no place compared every arm is told under its reason, with some the places are.
        IEnumerable<(string Name, string Reason)> arms = Arms.Where(b => !Diverged(b)).Select(b => (Evidence.Name(b), Reason(b)));
        IEnumerable<(string Name, string Reason)> all = Places.Count == _places.Length
            ? arms : Places.Select(p => (_evidence.Title(p), Reason(p))).Concat(arms);
        (string Name, string Reason)[] told = [.. all];
        if (told.Length == 0)
            return null;
        HashSet<string> names = [.. Arms.Select(Evidence.Name)];
        IEnumerable<string> parts = told.GroupBy(t => t.Reason, StringComparer.Ordinal)
            .Select(g => $"{Names([.. g.Select(t => t.Name)], names)} ({g.Key})");
        return $"Not compared: {string.Join("; ", parts)}.";
    }

    /// <summary>The headline says already of an arm that diverged throughout why it is not compared.</summary>
    private bool Diverged(string b) => DivergedArm.Of(_evidence).FirstOrDefault(d => Evidence.Same(d.Arm, b)) is { } arm && arm.Trials == arm.Planned;

    /// <summary>Why an arm was compared nowhere.</summary>
    private string Reason(string b) =>
        Shared(_places.Where(p => p.Grid.Any(g => Untestable(g, b) is null)).DefaultIfEmpty(_places[0]).Select(p => Reason(p, b)));

    /// <summary>Why no arm was compared at a place.</summary>
    private string Reason(JsonObject place)
    {
        (JsonObject Place, int[][] Grid) here = _places.First(p => JsonNode.DeepEquals(p.Place, place));
        return Shared(_evidence.Arms.Skip(1).Select(b => Reason(here, b)));
    }

    private string Reason((JsonObject Place, int[][] Grid) here, string b)
    {
        string?[] untestable = [.. here.Grid.Select(g => Untestable(g, b))];
        if (untestable.All(u => u is not null))
            return Readable(untestable[0]!);
        string[] reasons =
        [
            .. _evidence.Duel(here.Place, b, _evidence.Headline.Name).Settings.Select(c => c.Reason).OfType<string>().Distinct(StringComparer.Ordinal),
        ];
        if (reasons.Length > 0)
            return Shared(reasons);
        return Unfinished ? "no result yet" : "no trial there completed";
    }

    private string? Untestable(int[] place, string b)
    {
        string metric = _evidence.Headline.Name;
        return _plan.Missing(metric, place) ?? _plan.Missing(metric, _plan.With(place, Array.IndexOf(_plan.Labels, b)));
    }

    /// <summary>The reason that all share; the first of several, and that there are more.</summary>
    private static string Shared(IEnumerable<string> reasons)
    {
        string[] distinct = [.. reasons.Distinct(StringComparer.Ordinal)];
        return distinct.Length == 1 ? distinct[0] : $"{distinct[0]}, and for other reasons";
    }

    private string Names(string[] names, HashSet<string> arms) =>
        names.All(arms.Contains) ? Evidence.ArmNames(names) : names.Any(arms.Contains) ? Wording.List(names) : _evidence.Names(names);

    private static string Readable(string missing) => missing switch
    {
        "needs a dataset with known density" => "density not known",
        "needs a dataset with known modes" => "modes not known",
        _ => missing,
    };
}
