using Microsoft.Data.Sqlite;
using Sweep.Grains.Coordination;

namespace Sweep.Tests.Simulation;

/// <summary>
/// What was committed, as a witness remembers it, and what must be true of it after every commit: results stay, attempts are told once, budgets are what the
/// attempts add up to, counters are what the rows are. Written from the documents of <see cref="ICoordinator"/>, not from the code.
/// </summary>
/// <param name="violated">Told of what isn't so.</param>
internal sealed class SimHistory(CoordinatorOptions limits, Action<string> violated) : IDisposable
{
    private Dictionary<long, Trial> _trials = [];
    private HashSet<long> _done = [];
    private Dictionary<(string Sweep, int Look), string> _looks = [];
    private HashSet<(string Sweep, string Trial, int Attempt)> _completed = [];
    private SqliteConnection? _connection;
    private int _generation;

    /// <summary>How many commits were looked at.</summary>
    public long Looks { get; private set; }

    /// <summary>How many looks of races were judged.</summary>
    public int Judged => _looks.Count;

    public IReadOnlyCollection<Trial> Trials => _trials.Values;

    /// <summary>Whether this attempt's result was committed, whatever became of it since.</summary>
    public bool HasCompleted(Lease lease) => _completed.Contains((lease.SweepId, lease.Trial.Id, lease.Attempt));

    /// <summary>How the attempt of a lease ended; null where there is none.</summary>
    public AttemptOutcome? Ended(Lease lease) => _trials.Values.FirstOrDefault(t => t.SweepId == lease.SweepId && t.Id == lease.Trial.Id) is { } trial
        && lease.Attempt <= trial.Ran.Count && trial.Ran[lease.Attempt - 1] is var ran && ran.Silo == lease.Holder ? ran.Outcome : null;

    public SimHistory Copy() => new(limits, violated)
    {
        _trials = new(_trials), _done = [.. _done], _looks = new(_looks), _completed = [.. _completed], Looks = Looks,
    };

    public SqliteConnection Connection(string file, int generation)
    {
        if (_connection is null || _generation != generation)
        {
            Dispose();
            _connection = new SqliteConnection($"Data Source={file};Pooling=False");
            _connection.Open();
            _generation = generation;
        }

        return _connection;
    }

    /// <summary>Closes the file, which is opened again when there is something to look at.</summary>
    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    public void Look(string file, int generation)
    {
        Looks++;
        SqliteConnection connection = Connection(file, generation);
        Dictionary<long, Trial> now = [];
        Each(connection,
            """
            SELECT t.trial, s.id, t.id, t.state, t.attempts, t.failures, t.memory_failures, t.losses, t.silo, t.sweep, t.cost, s.name
            FROM trials t JOIN sweeps s ON s.sweep = t.sweep ORDER BY t.trial
            """,
            r => now.Add(r.GetInt64(0), new Trial(r.GetString(1), r.GetString(2), (TrialStatus)r.GetInt32(3), r.GetInt32(4), r.GetInt32(5), r.GetInt32(6),
                r.GetInt32(7), r.IsDBNull(8) ? null : r.GetInt64(8), r.GetInt64(9), r.GetDouble(10), r.GetString(11))));
        Each(connection, "SELECT trial, attempt, silo, outcome, charged, ended FROM attempts ORDER BY trial, attempt",
            r => now[r.GetInt64(0)].Ran.Add(
                new Attempt(r.GetInt32(1), r.GetInt64(2), (AttemptOutcome)r.GetInt32(3), r.GetBoolean(4), r.IsDBNull(5) ? null : r.GetInt64(5))));
        Each(connection, "SELECT trial, attempt, hex(digest) FROM results", r => now[r.GetInt64(0)].Result = (r.GetInt32(1), r.GetString(2)));
        List<(OperatorVerb Verb, string? Trials)> carried = [];
        HashSet<long> done = [];
        Each(connection, "SELECT request, verb, trials FROM requests WHERE done IS NOT NULL AND refused IS NULL", r =>
        {
            done.Add(r.GetInt64(0));
            if (!_done.Contains(r.GetInt64(0)))
                carried.Add(((OperatorVerb)r.GetInt32(1), r.IsDBNull(2) ? null : r.GetString(2)));
        });
        Require(done.IsSupersetOf(_done), () => "a request that was carried out is so no longer");
        _done = done;
        foreach ((long key, Trial trial) in now)
            Check(trial, _trials.GetValueOrDefault(key), carried);
        Require(_trials.Keys.All(now.ContainsKey) || carried.Exists(c => c.Verb == OperatorVerb.Delete), () => "trials are gone that nobody deleted");
        Count(connection, now.Values);
        Judge(connection, now.Values);
        _trials = now;
    }

    private void Check(Trial now, Trial? before, List<(OperatorVerb Verb, string? Trials)> carried)
    {
        int began = now.Ran.Count;
        Require(now.Attempts == began && now.Ran.Select(a => a.Number).SequenceEqual(Enumerable.Range(1, began)), () => $"{now}: its attempts have gaps");
        bool runs = now.State == TrialStatus.Running;
        Require(now.Ran.TakeWhile((_, i) => i < began - 1).All(a => a.Outcome != AttemptOutcome.Running), () => $"{now}: an attempt before the last runs");
        Require(began == 0 ? !runs : runs == (now.Ran[^1].Outcome == AttemptOutcome.Running), () => $"{now}: state and latest attempt differ");
        Require(!runs || now.Silo == now.Ran[^1].Silo, () => $"{now}: its holder isn't its attempt's");
        Require(now.Failures == now.Ran.Count(a => a.Charged), () => $"{now}: {now.Ran.Count(a => a.Charged)} attempts are charged to it");
        Require((now.State == TrialStatus.Completed) == now.Result is not null, () => $"{now}: result {now.Result}");
        Require(now.Result is not { } its || now.Ran[its.Attempt - 1].Outcome == AttemptOutcome.Completed, () => $"{now}: its result is of another attempt");
        bool spent = now.Failures > limits.RetryBudget || now.MemoryFailures >= limits.OutOfMemoryAttempts || now.Losses >= limits.LostAttempts;
        Require(now.State is not (TrialStatus.Queued or TrialStatus.Running) || !spent, () => $"{now}: goes on with a spent budget");
        Require(now.State != TrialStatus.Failed || spent || now.Ran[^1].Outcome == AttemptOutcome.Failed, () => $"{now}: failed for good without a reason");
        if (before is null)
        {
            Require(now is { State: TrialStatus.Queued or TrialStatus.Held, Attempts: 0 }, () => $"{now}: is new");
            return;
        }

        Follow(now, before, carried);
        if (now.Result is { } result)
            _completed.Add((now.SweepId, now.Id, result.Attempt));
    }

    private void Follow(Trial now, Trial before, List<(OperatorVerb Verb, string? Trials)> carried)
    {
        bool Was(OperatorVerb verb) => carried.Exists(c => c.Verb == verb && (c.Trials is null || c.Trials.Contains(now.Id, StringComparison.Ordinal)
            || c.Trials.Contains(before.Id, StringComparison.Ordinal)));
        // What confirms a tuned setting becomes what it is when that is chosen, before it ever ran.
        bool chosen = before is { State: TrialStatus.Held or TrialStatus.Cancelled, Attempts: 0 };
        Require((now.Id == before.Id || chosen) && now.Ran.Count >= before.Ran.Count, () => $"{before} became {now}");
        bool refunded = false;
        foreach ((Attempt old, Attempt its) in before.Ran.Zip(now.Ran))
        {
            Require(old.Silo == its.Silo && (old.Outcome == AttemptOutcome.Running || (old.Outcome == its.Outcome && old.Ended == its.Ended)),
                () => $"{now}: {old} became {its}");
            Require(!its.Charged || old.Charged || old.Outcome == AttemptOutcome.Running, () => $"{now}: {old} is charged later");
            refunded |= old.Charged && !its.Charged;
        }

        if (before.Result is { } result && now.Result != result)
            Require(Was(OperatorVerb.Discard), () => $"{now}: its result {result} became {now.Result?.ToString() ?? "none"}, and nobody discarded it");
        if (before.State is TrialStatus.Failed or TrialStatus.Cancelled && now.State != before.State)
            Require(Was(OperatorVerb.Retry) || (refunded && before.State == TrialStatus.Failed), () => $"{before} became {now}, and nobody asked for it");

        // From which attempt on the budgets count: an operator may have given new ones at any moment of this commit.
        bool renewed = Was(OperatorVerb.Retry) || Was(OperatorVerb.Discard);
        int[] since = renewed ? [before.Since, .. Enumerable.Range(before.Ran.Count, now.Ran.Count - before.Ran.Count + 1)] : [before.Since];
        now.Since = since.FirstOrDefault(s => now.Losses == Losses(now, s) && now.MemoryFailures == MemoryFailures(now, s), -1);
        Require(now.Since >= 0, () =>
            $"{now}: its attempts {string.Join(' ', now.Ran)} since {before.Since} add up to {Losses(now, before.Since)} losses and "
            + $"{MemoryFailures(now, before.Since)} out of memory");
        now.Since = Math.Max(0, now.Since);
    }

    /// <summary>Attempts that were lost or stalled, in a row, up to the last that ended.</summary>
    private static int Losses(Trial trial, int since) => Ended(trial, since).Reverse()
        .TakeWhile(a => a.Outcome is AttemptOutcome.Lost or AttemptOutcome.Stalled).Count();

    /// <summary>Attempts out of memory since the last failure.</summary>
    private static int MemoryFailures(Trial trial, int since) => Ended(trial, since).Reverse()
        .TakeWhile(a => a.Outcome != AttemptOutcome.Failed).Count(a => a.Outcome == AttemptOutcome.OutOfMemory);

    private static IEnumerable<Attempt> Ended(Trial trial, int since) => trial.Ran.Skip(since).Where(a => a.Outcome != AttemptOutcome.Running);

    private void Count(SqliteConnection connection, IEnumerable<Trial> trials)
    {
        Dictionary<long, (string Counts, double Cost)> rows = trials.GroupBy(t => t.Sweep).ToDictionary(
            s => s.Key,
            s => (string.Join(' ', Enum.GetValues<TrialStatus>().Select(state => s.Count(t => t.State == state))),
                s.Where(t => t.State == TrialStatus.Completed).Sum(t => t.Cost)));
        Each(connection,
            """
            SELECT sweep, SUM(queued) || ' ' || SUM(running) || ' ' || SUM(completed) || ' ' || SUM(failed) || ' ' || SUM(cancelled)
                || ' ' || SUM(held) || ' ' || SUM(pruned), SUM(cost_completed)
            FROM sweep_counts GROUP BY sweep
            """,
            r =>
            {
                (string counts, double cost) = rows.GetValueOrDefault(r.GetInt64(0), ("0 0 0 0 0 0 0", 0));
                Require(counts == r.GetString(1), () => $"sweep {r.GetInt64(0)}: counters {r.GetString(1)}, rows {counts}");
                Require(Math.Abs(cost - r.GetDouble(2)) < 1e-6, () => $"sweep {r.GetInt64(0)}: cost of completed {r.GetDouble(2)}, of the rows {cost}");
            });
    }

    /// <summary>A race's looks are judged once each, in order, and what is held belongs to later ones.</summary>
    private void Judge(SqliteConnection connection, IEnumerable<Trial> trials)
    {
        Dictionary<(string Sweep, int Look), string> looks = [];
        Each(connection, "SELECT s.id, l.look, hex(l.inputs) || l.decisions FROM looks l JOIN sweeps s ON s.sweep = l.sweep",
            r => looks.Add((r.GetString(0), r.GetInt32(1)), r.GetString(2)));
        HashSet<string> there = [.. trials.Select(t => t.SweepId)];
        foreach (((string sweep, int look), string judged) in _looks.Where(l => there.Contains(l.Key.Sweep) && looks.ContainsKey((l.Key.Sweep, 1))))
            Require(looks.TryGetValue((sweep, look), out string? now) && now == judged, () => $"look {look} of {sweep} was judged again");
        foreach ((string sweep, int look) in looks.Keys)
            Require(look == 1 || looks.ContainsKey((sweep, look - 1)), () => $"look {look} of {sweep} was judged before the one before it");
        Each(connection,
            """
            SELECT s.id, s.look, t.id, t.state, t.stage FROM trials t JOIN sweeps s ON s.sweep = t.sweep
            WHERE s.looks > 0 AND (t.state = 5 AND (s.look = 0 OR t.stage <= s.look) OR t.state IN (0, 1) AND s.look > 0 AND t.stage > s.look)
            """,
            r => violated($"at look {r.GetInt32(1)} of {r.GetString(0)}: trial {r.GetString(2)} of look {r.GetInt32(4)} is in state {r.GetInt32(3)}"));
        _looks = looks;
    }

    private void Require(bool holds, Func<string> what)
    {
        if (!holds)
            violated(what());
    }

    private static void Each(SqliteConnection connection, string sql, Action<SqliteDataReader> row)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
            row(reader);
    }

    /// <param name="SweepId">Its sweep's id.</param>
    /// <param name="Sweep">Its sweep's number.</param>
    /// <param name="Name">Its sweep's.</param>
    internal sealed record Trial(
        string SweepId, string Id, TrialStatus State, int Attempts, int Failures, int MemoryFailures, int Losses, long? Silo, long Sweep, double Cost,
        string Name)
    {
        public List<Attempt> Ran { get; } = [];

        public (int Attempt, string Digest)? Result { get; set; }

        /// <summary>Budgets count attempts after so many.</summary>
        public int Since { get; set; }

        public override string ToString() =>
            $"trial {Id} of {Name} ({State}, {Attempts} attempts, {Failures} failures, {MemoryFailures} memory, {Losses} losses)";
    }

    internal sealed record Attempt(int Number, long Silo, AttemptOutcome Outcome, bool Charged, long? Ended)
    {
        public override string ToString() => $"{Number}:{Outcome}{(Charged ? "!" : "")}";
    }
}
