using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;

namespace Sweep.Client.Report;

/// <summary>
/// Samples as points in a plane, for a report: of the first seed of each group, where its artifacts are at hand. Images have <see cref="SamplePictures"/>
/// instead. What was read once is kept, since a live report asks again.
/// </summary>
internal sealed class SampleScatters
{
    /// <summary>Points of one cloud, as long as those of all groups together stay below <see cref="AllStill"/>.</summary>
    public const int Count = 500;

    /// <summary>Groups shown at most, so that a report stays small: some 2.7 KB each.</summary>
    private const int MaxGroups = 200;

    /// <summary>Points of all groups' clouds together, and of one at least: some 5.3 bytes each.</summary>
    private const int AllStill = 40_000, MinStill = 200;

    /// <summary>Points of a trajectory at one moment, and of all groups together: some 85 bytes each over all moments.</summary>
    private const int MinMoving = 40, MaxMoving = 200, AllMoving = 6000;

    private readonly Dictionary<string, (SamplePlane Plane, string Truth)?> _planes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Points, int Outside)> _drawn = new(StringComparer.Ordinal);
    private int _points = Count;

    /// <summary>Points of each cloud of so many groups.</summary>
    public static int Still(int groups) => Math.Clamp(AllStill / Math.Max(1, groups), MinStill, Count);

    /// <summary>Points of each group's trajectory at each moment.</summary>
    public static int Moving(int groups) => Math.Clamp(AllMoving / Math.Max(1, groups), MinMoving, MaxMoving);

    /// <param name="samples">Opens a trial's samples by its id; null where they aren't to be had.</param>
    /// <param name="input">What else the report is made from.</param>
    /// <returns>A section for each dataset of which something was found.</returns>
    public IReadOnlyList<ScatterSection> Read(Func<string, Stream?> samples, ReportInput input)
    {
        CompletedTrial[] first = [.. First(input)];
        _points = Still(first.Length);
        return
        [
            .. first.GroupBy(t => t.Trial.Dataset.Name, StringComparer.Ordinal)
                .Select(trials => Section(samples, [.. trials.Select(t => t.Trial)])).OfType<ScatterSection>(),
        ];
    }

    /// <summary>The same with trajectories.</summary>
    /// <param name="artifacts">The folder of all trials.</param>
    /// <param name="input">What else the report is made from.</param>
    public static IReadOnlyList<ScatterSection> ReadMoving(string artifacts, ReportInput input)
    {
        var scatters = new SampleScatters();
        IReadOnlyList<ScatterSection> still = scatters.Read(id => ArtifactSamples.Open(artifacts, id), input);
        Dictionary<string, CompletedTrial> trials = First(input).ToDictionary(t => t.Trial.Id, StringComparer.Ordinal);
        int points = Moving(still.Sum(s => s.Groups.Count));
        return [.. still.Select(s => s with { Groups = [.. s.Groups.Select(g => g with { Moments = Moments(s, trials[g.Trial]) })] })];

        IReadOnlyList<ScatterMoment>? Moments(ScatterSection section, CompletedTrial trial)
        {
            using Stream? file = ArtifactSamples.OpenTrajectory(artifacts, trial.Trial.Id);
            if (ArtifactSamples.Moments(file, section.Dimensions, points) is not { } moments || scatters._planes[section.Dataset] is not var (plane, _))
                return null;

            // Teleportation leaves out steps, so the curve knows better than the spec.
            int states = trial.Result.Curves.GetValueOrDefault("log_likelihood") is { Length: > 0 } curve ? curve.Length
                : trial.Trial.Sampling.Steps + 1;
            int[] steps = Trajectory.Steps(states);
            return steps.Length == moments.Length ? [.. moments.Zip(steps, (rows, step) => Moment(plane, step, rows))] : null;
        }

        static ScatterMoment Moment(SamplePlane plane, int step, double[] rows)
        {
            (string cloud, int outside) = plane.Draw(rows);
            return new ScatterMoment(step, cloud, outside);
        }
    }

    /// <summary>
    /// A trial of each group. Of more than fit, those nearest to the middle of each axis that is neither data set nor compared, as many as are equally near:
    /// every data set then has all its arms.
    /// </summary>
    private static IEnumerable<CompletedTrial> First(ReportInput input)
    {
        CompletedTrial[] all = [.. ReportBuilder.InSpecOrder(input).DistinctBy(t => t.Trial.Group, StringComparer.Ordinal)];
        if (all.Length <= MaxGroups)
            return all;
        (string Name, string[] Values)[] others = [.. input.Spec.Axes.Where(a => a.Name is not "dataset" && a.Name != input.Spec.Compare.Axis)
            .Select(a => (a.Name, a.Values.Select(v => v?.ToJsonString() ?? "").ToArray()))];
        int Distance(CompletedTrial trial) => others.Sum(a =>
            Math.Abs(Array.IndexOf(a.Values, trial.Trial.Axes[a.Name]?.ToJsonString() ?? "") - ((a.Values.Length - 1) / 2)));
        int[] distances = [.. all.Select(Distance)];
        int[] whole = [.. distances.Distinct().Order().TakeWhile(d => distances.Count(x => x <= d) <= MaxGroups)];
        return whole.Length > 0 ? all.Where((_, i) => whole.Contains(distances[i])) : all.Take(MaxGroups);
    }

    /// <summary>One trial's samples; null where they, or its data, aren't to be had, and where its data are images.</summary>
    /// <param name="trial">What was run.</param>
    /// <param name="samples">Its samples; null where they aren't to be had.</param>
    public static ScatterSection? Of(TrialSpec trial, Stream? samples) =>
        samples is not null && Plane(trial) is var (plane, truth) && Draw(plane, samples, Count) is { } cloud
            ? Section(trial, plane, truth, [Group(trial, cloud)]) : null;

    private ScatterSection? Section(Func<string, Stream?> samples, TrialSpec[] trials)
    {
        TrialSpec trial = trials[0];
        if (!_planes.TryGetValue(trial.Dataset.Name, out (SamplePlane Plane, string Truth)? known))
            _planes[trial.Dataset.Name] = known = Plane(trial);
        if (known is not var (plane, truth))
            return null;
        List<GroupScatter> groups = [];
        foreach (TrialSpec one in trials)
        {
            if (!_drawn.TryGetValue(one.Id, out (string Points, int Outside) cloud))
            {
                using Stream? file = samples(one.Id);
                if (Draw(plane, file, _points) is not { } read)
                    continue;
                _drawn[one.Id] = cloud = read;
            }

            groups.Add(Group(one, cloud));
        }

        return groups.Count == 0 ? null : Section(trial, plane, truth, groups);
    }

    private static ScatterSection Section(TrialSpec trial, SamplePlane plane, string truth, IReadOnlyList<GroupScatter> groups) => new()
    {
        Dataset = trial.Dataset.Name, Dimensions = plane.Dimensions, Axes = plane.Axes, Explained = plane.Explained, Low = plane.Low, High = plane.High,
        Truth = truth, Groups = groups,
    };

    private static GroupScatter Group(TrialSpec trial, (string Points, int Outside) cloud) => new()
    {
        Axes = (JsonObject)trial.Axes.DeepClone(), Trial = trial.Id, Seed = trial.Seed, Points = cloud.Points, Outside = cloud.Outside,
    };

    private static (string Points, int Outside)? Draw(SamplePlane plane, Stream? samples, int count) =>
        ArtifactSamples.FirstRows(samples, plane.Dimensions, count) is { } rows ? plane.Draw(rows) : null;

    /// <summary>Null where the data are images, or aren't to be had here.</summary>
    private static (SamplePlane Plane, string Truth)? Plane(TrialSpec trial)
    {
        if (ArtifactSamples.Dataset(trial) is not { ImageSide: null } dataset)
            return null;
        PointSet truth = ArtifactSamples.HeldOut(dataset, trial, Count);
        if (truth.Count == 0)
            return null;
        PointSet shown = new(truth.Values[..(Math.Min(Count, truth.Count) * truth.Dimensions)], truth.Dimensions) { ColumnNames = truth.ColumnNames };
        var plane = new SamplePlane(shown);
        return (plane, plane.Draw(shown.Values).Cloud);
    }
}
