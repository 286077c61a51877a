using Sweep.Grains.Comparison.Expectations;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Ledger;

/// <summary>
/// Puts the claims of many sweeps in the order in which they were stated, and tests them by LOND. A pure function of what the stores hold.
///
/// A try is a claim judged by certain trials. Judged again by the same trials, or by some of them, it is no new try: results are counted once, whatever the
/// sweep is called. By more trials, or others, it is. These count as tries with p = 1: claims that are not supported; that were stated after results, be it
/// results of their own sweep or of another one here that had the same trials; that were withdrawn; that lack results; and tries that leave out some of the
/// results an earlier try of the claim had and use others.
/// </summary>
public static class LedgerBuilder
{
    /// <summary>The false discovery rate.</summary>
    public const double Alpha = 0.05;

    public const string Procedure =
        "LOND over tries in the order in which they were stated: try i is tested at 0.05 i^(-3/2) / 2.612 times the number of claims that survived before it "
        + "(at least 1). Holds for independent and for positively dependent p-values (Javanmard and Montanari 2018; Zrnic, Ramdas and Jordan 2021).";

    /// <summary>Characters of a setting's values that are shown, as a mixture written out may have thousands.</summary>
    private const int Longest = 60;

    /// <param name="of">The store, or the folder.</param>
    /// <param name="entries">Its sweeps, in any order.</param>
    /// <param name="leftOut">What could not be read.</param>
    /// <param name="generated">Now.</param>
    public static LedgerDocument Build(string of, IReadOnlyList<LedgerEntry> entries, IReadOnlyList<LedgerGap> leftOut, DateTimeOffset generated)
    {
        ArgumentNullException.ThrowIfNull(entries);
        LedgerEntry[] sweeps = [.. entries.OrderBy(e => e.Sweep.Submitted).ThenBy(e => e.Sweep.Where, StringComparer.Ordinal)
            .ThenBy(e => e.Sweep.Name, StringComparer.Ordinal)];
        List<Claimed> claims = Gather(sweeps, out List<Tried> tries);
        Dictionary<string, (DateTimeOffset At, LedgerSweep Sweep)> known = FirstCompleted(sweeps);
        foreach (Claimed claim in claims)
            Judge(claim, known);
        (int, double)[] tested = [.. tries.Select(t => (t.Claim.Number, t.P))];
        IReadOnlyList<LondDecision> plain = Lond.Decide(tested, Alpha), any = Lond.Decide(tested, Alpha, anyDependence: true);
        LedgerTry[] judged = [.. tries.Select((t, i) => Row(t, plain[i], any[i]))];
        return new LedgerDocument
        {
            Of = of,
            Generated = generated.ToUniversalTime(),
            Sweeps = [.. sweeps.Select(e => e.Sweep)],
            LeftOut = leftOut,
            Claims = [.. claims.Select(c => Row(c, claims, judged))],
            Tries = judged,
        };
    }

    /// <summary>Claims and tries in the order in which they were stated; those of one moment in the order of their spec.</summary>
    private static List<Claimed> Gather(LedgerEntry[] sweeps, out List<Tried> tries)
    {
        List<Claimed> claims = [];
        Dictionary<string, Claimed> byId = new(StringComparer.Ordinal);
        tries = [];
        foreach ((LedgerEntry entry, Statement said) in sweeps.SelectMany(e => e.Statements.Select(s => (Entry: e, Said: s)))
            .OrderBy(s => s.Said.Claim.Registered?.At ?? s.Entry.Sweep.Submitted))
        {
            if (!byId.TryGetValue(said.Identity.Id, out Claimed? claim))
                claims.Add(byId[said.Identity.Id] = claim = new Claimed(claims.Count + 1, said));
            Tried? same = claim.Tries.Find(t => said.Identity.Trials.IsSubsetOf(t.Trials));
            if (same is not null)
            {
                same.Sayings.Add((entry, said));
                continue;
            }

            Tried tried = new(tries.Count + 1, claim, [(entry, said)]);
            claim.Tries.Add(tried);
            tries.Add(tried);
        }

        return claims;
    }

    /// <summary>When each trial first completed, and in which sweep.</summary>
    private static Dictionary<string, (DateTimeOffset At, LedgerSweep Sweep)> FirstCompleted(LedgerEntry[] sweeps)
    {
        Dictionary<string, (DateTimeOffset At, LedgerSweep Sweep)> first = new(StringComparer.Ordinal);
        foreach (LedgerEntry entry in sweeps)
        {
            foreach ((string trial, DateTimeOffset at) in entry.Completed)
            {
                if (!first.TryGetValue(trial, out (DateTimeOffset At, LedgerSweep Sweep) before) || at < before.At)
                    first[trial] = (at, entry.Sweep);
            }
        }

        return first;
    }

    /// <summary>The p-values of a claim's tries, the earliest first.</summary>
    private static void Judge(Claimed claim, Dictionary<string, (DateTimeOffset At, LedgerSweep Sweep)> known)
    {
        // A result was predicted if the claim was stated about its trial before there was one, by whichever try did so first.
        Dictionary<string, DateTimeOffset> stated = new(StringComparer.Ordinal);
        for (int i = 0; i < claim.Tries.Count; i++)
        {
            Tried tried = claim.Tries[i];
            DateTimeOffset at = tried.Stated?.At ?? DateTimeOffset.MaxValue;
            foreach (string trial in tried.Trials)
                stated.TryAdd(trial, at);
            Tried? selected = claim.Tries.Take(i).FirstOrDefault(t => t.Trials.Overlaps(tried.Trials) && !t.Trials.IsSubsetOf(tried.Trials));
            string[] seen =
                [.. tried.Trials.Where(t => known.TryGetValue(t, out (DateTimeOffset At, LedgerSweep Sweep) done) && done.At < stated[t])];
            (LedgerEntry entry, Statement judged) = tried.Judged;
            int missing = tried.Trials.Count(t => !entry.Completed.ContainsKey(t));
            (tried.P, tried.Note) = (1, judged.Verdict switch
            {
                _ when tried.Sayings.TrueForAll(s => s.Said.IsWithdrawn) => "withdrawn",
                _ when tried.Stated is null => "nothing says when it was stated",
                _ when tried.Stated is { Beforehand: false } late => $"stated after results: {late.Completed} of {late.Total} trials had completed",
                _ when seen.Length > 0 =>
                    $"stated after results: {seen.Length} of its {tried.Trials.Count} trials had completed in {known[seen[0]].Sweep.Name}",
                _ when selected is not null => $"leaves out some of the results of try {selected.Number} and takes others",
                _ when judged.Level is null && missing > 0 => $"{missing} of its {tried.Trials.Count} trials have no result",
                _ when judged.Level is null => judged.Judged?.Reason ?? "no results",
                ExpectationVerdict.Empty => "a control does not fail",
                _ => null,
            });
            if (tried.Note is null && judged.Verdict == ExpectationVerdict.Supported)
                (tried.P, tried.Note) = (judged.Level!.Value, judged.Level > 0 ? null : "all its seeds are equal");
        }
    }

    private static LedgerTry Row(Tried tried, LondDecision plain, LondDecision any)
    {
        (LedgerEntry entry, _) = tried.Sayings[0];
        return new LedgerTry
        {
            Number = tried.Number,
            Claim = tried.Claim.Number,
            Sweep = entry.Sweep.Name,
            Where = entry.Sweep.Where,
            Stated = tried.Stated,
            Verdict = tried.Judged.Said.Verdict,
            P = tried.P,
            Note = tried.Note,
            Level = plain.Level,
            IsDiscovery = plain.IsDiscovery,
            LevelAnyDependence = any.Level,
            IsDiscoveryAnyDependence = any.IsDiscovery,
            Again = tried.Sayings.Count == 1 ? null : [.. tried.Sayings.Skip(1).Select(s => s.Entry.Sweep.Name).Distinct(StringComparer.Ordinal)],
        };
    }

    private static LedgerClaim Row(Claimed claim, List<Claimed> all, LedgerTry[] tries)
    {
        LedgerTry[] own = [.. claim.Tries.Select(t => tries[t.Number - 1])];
        return new LedgerClaim
        {
            Number = claim.Number,
            Id = claim.First.Identity.Id,
            Claim = claim.First.Claim.Claim,
            Subject = claim.First.Judged is { } section ? ExpectationWords.Subject(section) : claim.First.Claim.Is.ToString(),
            About = string.Join("; ", About(claim.First.Claim)),
            Tries = [.. own.Select(t => t.Number)],
            SameWords =
            [
                .. all.Where(c => c != claim && c.First.Claim.Claim == claim.First.Claim.Claim)
                    .Select(c => new LedgerSameWords(c.Number, Difference(claim.First.Identity.Settings, c.First.Identity.Settings))),
            ],
            Survives = own.Any(t => t.IsDiscovery),
            SurvivesAnyDependence = own.Any(t => t.IsDiscoveryAnyDependence),
            SupportedAlone = own.Any(t => t.Verdict == ExpectationVerdict.Supported),
        };
    }

    private static IEnumerable<string> About(ExpectationSpec claim) =>
    [
        .. claim.Where.Select(w => $"{w.Key} {string.Join(", ", w.Value)}"),
        .. claim.At.Count > 0 ? [$"at {string.Join(", ", claim.At.Select(Wording.Plain))}"] : Array.Empty<string>(),
        .. claim.Along is { } along ? [$"begins to hold along {along} {string.Join(", ", claim.Doses)}"] : Array.Empty<string>(),
        .. claim.Median ? ["median over seeds"] : Array.Empty<string>(),
        .. claim.Controls.Select(c => $"control {c.Name}{(c.ClaimMinusControl is { } less ? $", claim - control {less}" : "")}"),
    ];

    /// <summary>What the other has that differs.</summary>
    private static string Difference(IReadOnlyDictionary<string, string> own, IReadOnlyDictionary<string, string> other) => string.Join("; ",
        other.Where(s => own.GetValueOrDefault(s.Key) != s.Value).Select(s => $"{s.Key} {(s.Value.Length > Longest ? $"{s.Value[..Longest]}…" : s.Value)}")
            .Concat(own.Keys.Where(key => !other.ContainsKey(key)).Select(key => $"no {key}")));

    private sealed class Claimed(int number, Statement first)
    {
        public int Number => number;

        public Statement First => first;

        public List<Tried> Tries { get; } = [];
    }

    private sealed class Tried(int number, Claimed claim, List<(LedgerEntry Entry, Statement Said)> sayings)
    {
        public int Number => number;

        public Claimed Claim => claim;

        /// <summary>Whoever stated it by these trials, or by some of them; the first one first.</summary>
        public List<(LedgerEntry Entry, Statement Said)> Sayings => sayings;

        public IReadOnlySet<string> Trials => sayings[0].Said.Identity.Trials;

        public ExpectationRegistration? Stated => sayings[0].Said.Claim.Registered;

        /// <summary>Whose judgement counts: the first by all the trials that still states it and has their results, else the first.</summary>
        public (LedgerEntry Entry, Statement Said) Judged => sayings.Find(s =>
            !s.Said.IsWithdrawn && s.Said.Level is not null && s.Said.Identity.Trials.Count == Trials.Count) is { Said: not null } found ? found : sayings[0];

        public double P { get; set; }

        public string? Note { get; set; }
    }
}
