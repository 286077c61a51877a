using FsCheck;
using FsCheck.Fluent;
using Sweep.Grains.Coordination;

namespace Sweep.Tests.Grains.Coordination.Model;

/// <summary>Generates and shrinks sequences of steps: what silos do most, what operators do now and then.</summary>
internal static class Steps
{
    public const int Silos = 3;
    public const int Sweeps = 2;

    public static Arbitrary<Step[]> Arbitrary()
    {
        Gen<int> silo = Gen.Choose(0, Silos - 1);
        Gen<int> sweep = Gen.Choose(0, Sweeps - 1);

        // Mostly the latest leases, sometimes one long gone.
        Gen<int> back = Gen.Frequency((4, Gen.Choose(0, 2)), (1, Gen.Choose(0, 30)));
        Gen<Step.Lease> lease =
            from s in silo from most in Gen.Choose(0, 3) from only in Gen.Choose(-4, Sweeps - 1) select new Step.Lease(s, most, only < 0 ? null : only);
        Gen<Step> step = Gen.Frequency<Step>(
            (3, sweep.Select(s => (Step)new Step.Submit(s))),
            (10, lease.Select(l => (Step)l)),
            (5, from b in back from n in Gen.Choose(0, 3) from l in lease select (Step)new Step.CompleteAndLease(b, n, l)),
            (6, from s in silo from b in back from n in Gen.Choose(1, 3) select (Step)new Step.Heartbeat(s, b, n)),
            (5, Gen.Elements(1, 10, 29, 30, 31, 61, 121).Select(s => (Step)new Step.Advance(s))),
            (4, back.Select(b => (Step)new Step.Complete(b))),
            (8, back.Select(b => (Step)new Step.Fail(b, AttemptOutcome.Failed))),
            (2, back.Select(b => (Step)new Step.Fail(b, AttemptOutcome.Failed, MustRepeat: true))),
            (4, back.Select(b => (Step)new Step.Fail(b, AttemptOutcome.OutOfMemory))),
            (3, from b in back from cause in Gen.Elements(AttemptOutcome.Preempted, AttemptOutcome.Cancelled) select (Step)new Step.Release(b, cause)),
            (1, sweep.Select(s => (Step)new Step.Pause(s))),
            (2, sweep.Select(s => (Step)new Step.Resume(s))),
            (1, sweep.Select(s => (Step)new Step.Cancel(s))),
            (2, from s in sweep from t in Gen.Choose(-4, 5) select (Step)new Step.Retry(s, t < 0 ? null : t)),
            (1, from s in sweep from t in Gen.Choose(0, 5) select (Step)new Step.Discard(s, t)),
            (1, silo.Select(s => (Step)new Step.Reclaim(s))),
            (1, silo.Select(s => (Step)new Step.Unquarantine(s))));

        // Most sequences begin with something to do.
        Gen<Step[]> sequence = from steps in step.ArrayOf(70) select (Step[])[new Step.Submit(0), .. steps];
        return Arb.From(sequence, Shrink);
    }

    /// <summary>Halves first, then one step less.</summary>
    private static IEnumerable<Step[]> Shrink(Step[] steps)
    {
        for (int size = steps.Length / 2; size >= 1; size /= 2)
        {
            for (int start = 0; start + size <= steps.Length; start += size)
                yield return [.. steps[..start], .. steps[(start + size)..]];
        }
    }
}
