using Npgsql;
using Sweep.Grains.Coordination;

namespace Sweep.Tests.Simulation;

/// <summary>
/// Which faults there are, and how often: each seed has some of them, so that no kind hides another. Once they are off nothing more fails by itself.
/// </summary>
internal sealed class SimFaults
{
    private readonly SimRandom _random;

    public SimFaults(SimRandom random)
    {
        _random = random;
        LostRequest = Some(0.1);
        LostAnswer = Some(0.1);
        Duplicate = Some(0.1);
        LongDelay = Some(0.03);
        StoreBefore = Some(0.1);
        StoreMidst = Some(0.05);
        StoreAfter = Some(0.1);
        StoreAgain = Some(0.1);
        LostSignal = Some(0.5);
        Forgotten = Some(0.05);
        Twice = Some(0.1);
        Kill = Some(0.25);
        Freeze = Some(0.25);
        CutOff = Some(0.25);
        Restore = Some(0.1);
        ClockJump = Some(0.1);
        Drain = Some(0.15);
        Damage = Some(0.1);
        TrialFails = Some(0.15);
        TrialDevours = Some(0.15);
        TrialHangs = Some(0.1);
        TrialKills = Some(0.05);
        TrialLies = Some(0.05);
        Operate = Some(0.5);
    }

    public bool On { get; set; } = true;

    /// <summary>Of a call between silos.</summary>
    public double LostRequest { get; }

    public double LostAnswer { get; }

    public double Duplicate { get; }

    /// <summary>Of a call, or of the store: longer than a lease.</summary>
    public double LongDelay { get; }

    /// <summary>The store throws before a transaction, within it, or when it has committed.</summary>
    public double StoreBefore { get; }

    public double StoreMidst { get; }

    public double StoreAfter { get; }

    /// <summary>It rolls a transaction back and begins it again.</summary>
    public double StoreAgain { get; }

    public double LostSignal { get; }

    /// <summary>A grain's activation is dropped, and the next call makes another while the first goes on with what it has begun.</summary>
    public double Forgotten { get; }

    /// <summary>A second activation comes beside one.</summary>
    public double Twice { get; }

    /// <summary>What befalls processes, per turn of some seconds; so the following.</summary>
    public double Kill { get; }

    public double Freeze { get; }

    public double CutOff { get; }

    /// <summary>The store is put back to an earlier copy, and its silos start again.</summary>
    public double Restore { get; }

    public double ClockJump { get; }

    /// <summary>A silo is asked to end, and another starts.</summary>
    public double Drain { get; }

    /// <summary>A stored trial's spec changes by itself.</summary>
    public double Damage { get; }

    /// <summary>How attempts end.</summary>
    public double TrialFails { get; }

    public double TrialDevours { get; }

    public double TrialHangs { get; }

    public double TrialKills { get; }

    public double TrialLies { get; }

    /// <summary>What operators do, per turn of some seconds.</summary>
    public double Operate { get; }

    public bool Strikes(double probability) => On && _random.Chance(probability);

    /// <summary>Whatever a driver or a library throws.</summary>
    public Exception AnyException() => _random.Next(10) switch
    {
        0 => new StoreException("simulated: the store is away") { IsBrief = true },
        1 => new TimeoutException("simulated: no answer in time"),
        2 => new IOException("simulated: the connection was reset"),
        3 => new InvalidOperationException("simulated: the reader is closed"),
        4 => new ObjectDisposedException("simulated connection"),
        5 => new OperationCanceledException("simulated: cancelled within the driver"),
        6 => new NpgsqlException("simulated: while reading from the stream"),
        7 => new NotSupportedException("simulated: a driver's defect"),
        8 => new ArgumentOutOfRangeException("simulated", "a driver's defect"),
        _ => new StoreException("simulated: the store is away"),
    };

    /// <summary>Half of the seeds lack a fault; the others have it more or less often.</summary>
    private double Some(double most) => _random.Next(2) == 0 ? 0 : most * _random.Unit();
}
