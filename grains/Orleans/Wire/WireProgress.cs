using Sweep.Grains.Coordination;

namespace Sweep.Grains.Orleans.Wire;

/// <summary>What a heartbeat says of one attempt. See <see cref="LeaseProgress"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.progress.1")]
public sealed record WireProgress
{
    [Id(0)]
    public required string TrialId { get; init; }

    [Id(1)]
    public required long FencingToken { get; init; }

    [Id(2)]
    public required string Phase { get; init; }

    [Id(3)]
    public required double Fraction { get; init; }

    [Id(4)]
    public double? Loss { get; init; }

    public static WireProgress Of(LeaseProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return new WireProgress
        {
            TrialId = progress.TrialId, FencingToken = progress.FencingToken, Phase = progress.Phase, Fraction = progress.Fraction, Loss = progress.Loss,
        };
    }
}
