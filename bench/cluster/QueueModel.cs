namespace Sweep.Bench.Cluster;

/// <summary>
/// Many slots before one store, event by event: a model, not a measurement. A slot leases, works, completes, and begins again; each trial costs the store one
/// piece of CPU time, and each heartbeat of a slot another, which the store's cores serve in order of arrival. Network and disk take no time, and rows are
/// never fought for: the real store is slower.
/// </summary>
/// <param name="TrialMs">CPU time of the server per trial: lease and complete.</param>
/// <param name="HeartbeatMs">CPU time of the server per renewed lease.</param>
internal sealed record QueueModel(int Slots, int Cores, double TrialMs, double HeartbeatMs)
{
    private const double HeartbeatSeconds = 10;

    /// <summary>
    /// Trials per second, the share of the store's CPU in use, and the seconds that a trial waits for the store, for trials of about this many seconds (half to
    /// one and a half).
    /// </summary>
    public (double Rate, double Busy, double Wait) Run(double trialSeconds, double simulatedSeconds)
    {
        var events = new PriorityQueue<int, double>();
        double[] free = new double[Cores];

        // Spread over one trial and one heartbeat, not all at once. Slots from Slots on stand for heartbeats.
        for (int slot = 0; slot < Slots; slot++)
        {
            events.Enqueue(slot, Unit(slot, 0) * trialSeconds);
            events.Enqueue(slot + Slots, Unit(slot, 1) * HeartbeatSeconds);
        }

        double warm = simulatedSeconds / 3;
        long served = 0;
        double busy = 0, waited = 0;
        for (int draw = 2; events.TryDequeue(out int who, out double now) && now < simulatedSeconds; draw++)
        {
            double service = (who < Slots ? TrialMs : HeartbeatMs) / 1000;
            int core = Array.IndexOf(free, free.Min());
            double end = Math.Max(now, free[core]) + service;
            free[core] = end;
            if (now >= warm)
                busy += service;
            if (who >= Slots)
            {
                events.Enqueue(who, Math.Max(end, now + HeartbeatSeconds));
                continue;
            }

            if (now >= warm)
            {
                served++;
                waited += end - now;
            }

            events.Enqueue(who, end + (trialSeconds * (0.5 + Unit(who, draw))));
        }

        double span = simulatedSeconds - warm;
        return (served / span, Math.Min(1, busy / span / Cores), waited / Math.Max(1, served));
    }

    public static void Print(int slots, double trialMs, double heartbeatMs)
    {
        Console.WriteLine(
            FormattableString.Invariant($"model: {slots:N0} slots, {trialMs} ms of server CPU per trial, {heartbeatMs} ms per heartbeat of a slot"));
        Console.WriteLine("cores  trial s  trials/s  store busy  waits for the store  over the ideal");
        foreach (int cores in (int[])[1, 4, 16])
        {
            foreach (double seconds in (double[])[1, 3, 10, 30, 100, 300])
            {
                (double rate, double busy, double wait) = new QueueModel(slots, cores, trialMs, heartbeatMs).Run(seconds, Math.Max(60, 6 * seconds));
                Console.WriteLine(FormattableString.Invariant(
                    $"{cores,5}  {seconds,7}  {rate,8:0}  {busy,10:P0}  {wait,17:0.000} s  {((slots / seconds / rate) - 1) * 100,12:0.0} %"));
            }
        }
    }

    /// <summary>A number in [0, 1) from a slot and a draw: the same each run.</summary>
    private static double Unit(int slot, int draw)
    {
        ulong x = ((ulong)(uint)slot << 32) | (uint)draw;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return ((x ^ (x >> 31)) >> 11) / (double)(1UL << 53);
    }
}
