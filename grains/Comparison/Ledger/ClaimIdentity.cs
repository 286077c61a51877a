using System.Text;
using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Expectations;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Specs;
using Sweep.Grains.Specs.Expectations;

namespace Sweep.Grains.Comparison.Ledger;

/// <summary>
/// What a claim says, apart from its words and its sweep: a condition on metrics of settings. A setting is all that determines a trial's result but the seed
/// (<see cref="TrialIdentity.Setting"/>), so names of sweeps, axes, kinds and files have no part in it; nor have seeds, which are replicates. The two sides of
/// a comparison may change places with the condition: <c>b &lt; a</c> of standardize and gaussianize is <c>b &gt; a</c> of gaussianize and standardize, and
/// <c>b / a &lt;= 0.5</c> is <c>a &gt;= 2 b</c>. Everything else that differs makes another claim: another bound, <c>&lt;</c> for <c>&lt;=</c>, one more
/// width, another number of training steps, other controls.
/// </summary>
/// <param name="Id">The first 16 hexadecimal digits of a SHA-256.</param>
/// <param name="Trials">Ids of the trials that it is judged by, with every seed that the sweep plans, its controls' too.</param>
/// <param name="Settings">The keys that determine their results, with every value that some of them has: <c>training.steps</c> to <c>2000</c>.</param>
internal sealed record ClaimIdentity(string Id, IReadOnlySet<string> Trials, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>A claim whose axes or values its sweep no longer has: it is known by its words alone, and nothing can judge it.</summary>
    public static ClaimIdentity OfWords(SweepSpec spec, ExpectationSpec claim) =>
        new(Hash(new JsonObject { ["sweep"] = spec.Id, ["words"] = claim.Claim, ["is"] = claim.Is.ToString() }), new HashSet<string>(),
            new Dictionary<string, string>());

    /// <param name="spec">The sweep.</param>
    /// <param name="trials">All of it, in order.</param>
    /// <param name="claim">One whose axes and values the sweep has.</param>
    public static ClaimIdentity Of(SweepSpec spec, IReadOnlyList<TrialSpec> trials, ExpectationSpec claim) => new Reader(spec, trials).Read(claim);

    private static string Hash(JsonObject json) => CanonicalJson.Hash(Encoding.UTF8.GetBytes(CanonicalJson.Write(json)));

    private sealed class Reader
    {
        private readonly SweepSpec _spec;
        private readonly IReadOnlyList<TrialSpec> _trials;
        private readonly TrialTable _table;
        private readonly GroupJudge _groups;
        private readonly HashSet<string> _judged = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, List<string>> _settings = new(StringComparer.Ordinal);

        public Reader(SweepSpec spec, IReadOnlyList<TrialSpec> trials)
        {
            (_spec, _trials, _table) = (spec, trials, new TrialTable(spec, []));
            _groups = new GroupJudge(_table, []);
        }

        public ClaimIdentity Read(ExpectationSpec claim)
        {
            int[][] places = [.. _groups.Places(claim)];
            JsonObject json = new() { ["claim"] = Said(claim, claim.Is, places, null) };
            if (claim.Median)
                json["over"] = "median";
            if (claim.Controls.Count > 0)
            {
                json["controls"] = Sorted(claim.Controls.Select(control =>
                {
                    ExpectationSpec same = control.Of(claim);
                    int[][] there = [.. places.Select(p => _groups.Exchanged(p, control))];
                    return (JsonNode)(control.ClaimMinusControl is { } difference
                        ? new JsonObject { ["less"] = Said(claim, claim.Is, places, (same, there)), ["is"] = $"{difference}" }
                        : Said(same, claim.Is, there, null));
                }));
            }

            return new ClaimIdentity(
                Hash(json), _judged, _settings.ToDictionary(s => s.Key, s => string.Join(", ", s.Value), StringComparer.Ordinal));
        }

        /// <summary>The condition and what it is about, place by place; beside each place that of what is taken off, where there is such.</summary>
        private JsonObject Said(ExpectationSpec claim, Condition condition, int[][] places, (ExpectationSpec Claim, int[][] Places)? less)
        {
            Orientation turned = Orientation.Of(condition);
            JsonNode About(int i)
            {
                JsonNode at = Sides(claim, places[i], turned);
                return less is { } off ? new JsonArray(at, Sides(off.Claim, off.Places[i], turned)) : at;
            }

            JsonArray about = claim.Along is not { } along
                ? Sorted(Enumerable.Range(0, places.Length).Select(About))
                : Sorted(places.Select((place, i) => (place, i)).GroupBy(p => string.Join(',', p.place.Where((_, axis) => axis != _table.AxisIndex(along))))
                    .Select(path => (JsonNode)new JsonArray(
                        [.. claim.Doses.Select(dose => Sides(claim, _groups.Moved(path.First().place, along, dose), turned))])));
            return new JsonObject { ["is"] = turned.Is, [claim.Along is null ? "about" : "along"] = about };
        }

        /// <summary>The metrics and settings of one place, at every place of its curves: left and right, or the one there is.</summary>
        private JsonArray Sides(ExpectationSpec claim, int[] place, Orientation turned)
        {
            string a = Setting(place), b = claim.Axis is { } axis ? Setting(_groups.Moved(place, axis, claim.B!)) : a;
            double?[] at = claim.At.Count == 0 ? [null] : [.. claim.At.Select(x => (double?)x)];
            return [.. at.Select(x =>
            {
                IReadOnlyList<string> metrics = claim.MetricsAt(x);
                string left = $"{metrics[^1]} {b}", right = $"{metrics[0]} {a}";
                if (!turned.IsPair)
                    return new JsonArray(left);
                if (turned.Exchanged || (turned.IsSymmetric && string.CompareOrdinal(left, right) > 0))
                    (left, right) = (right, left);
                return new JsonArray(left, right);
            })];
        }

        private string Setting(int[] place)
        {
            int seeds = _spec.Seeds.Count, group = _spec.Places.GroupOf(place)!.Value;
            JsonObject members = Members(_trials[group * seeds]);
            if (_judged.Add(_trials[group * seeds].Id))
                Collect("", members);
            for (int i = 1; i < seeds; i++)
                _judged.Add(_trials[(group * seeds) + i].Id);
            return _spec.Tune is null ? TrialIdentity.Setting(_trials[group * seeds]) : Hash(members);
        }

        /// <summary>
        /// What determines the results of a group. Which value tuning chose is a result: in its place stands how it was tuned, the seeds left out, which are
        /// replicates.
        /// </summary>
        private JsonObject Members(TrialSpec trial)
        {
            JsonObject members = TrialIdentity.Members(trial);
            if (_spec.Tune is not { } tune)
                return members;
            foreach (string[] path in tune.Over.Select(o => o.Name.Split('.')))
                members[path[0]]!.AsObject().Remove(path[1]);
            JsonObject how = _spec.Resolved[TuneSpec.Key]!.DeepClone().AsObject();
            foreach (string key in new[] { "seed", "seeds", "per" })
                how.Remove(key);
            how.Add("seeds_each", tune.SeedsEach);
            members.Add(TuneSpec.Key, how);
            return members;
        }

        private void Collect(string path, JsonNode? node)
        {
            if (node is JsonObject members)
            {
                foreach ((string key, JsonNode? member) in members)
                    Collect(path.Length == 0 ? key : $"{path}.{key}", member);
                return;
            }

            List<string> values = _settings.TryGetValue(path, out List<string>? there) ? there : _settings[path] = [];
            if (AxisText.Of(node) is { } value && !values.Contains(value))
                values.Add(value);
        }

        private static JsonArray Sorted(IEnumerable<JsonNode> nodes) => [.. nodes.OrderBy(CanonicalJson.Write, StringComparer.Ordinal)];
    }

    /// <summary>A condition in one of the ways in which it can be written.</summary>
    /// <param name="Is">About left and right, or x.</param>
    /// <param name="IsPair">Whether there are two sides.</param>
    /// <param name="Exchanged">Whether left is a.</param>
    /// <param name="IsSymmetric">Whether the sides may change places.</param>
    private sealed record Orientation(string Is, bool IsPair, bool Exchanged, bool IsSymmetric)
    {
        public static Orientation Of(Condition condition)
        {
            if (!condition.IsPair)
                return new Orientation(condition.ToString(), false, false, false);
            (Quantity quantity, double bound, Relation relation) = (condition.Quantity, condition.Bound, condition.Relation);
            bool exchanged = condition.Swapped;

            // A ratio to a bound is judged as a multiple, and once the other side as the difference.
            if (quantity == Quantity.Ratio)
                quantity = Quantity.Multiple;
            if (quantity == Quantity.Multiple && bound == 1)
                (quantity, bound) = (Quantity.Difference, 0);
            bool turns = !condition.Absolute && relation is Relation.More or Relation.AtLeast && (quantity != Quantity.Multiple || bound > 0);
            if (turns)
            {
                exchanged = !exchanged;
                bound = quantity == Quantity.Multiple ? 1 / bound : bound == 0 ? 0 : -bound;
                relation = relation == Relation.More ? Relation.Less : Relation.AtMost;
            }

            Condition said = condition with { Quantity = quantity, Bound = bound, Relation = relation, Swapped = false };
            return new Orientation(said.ToString(), true, exchanged, condition.Absolute);
        }
    }
}
