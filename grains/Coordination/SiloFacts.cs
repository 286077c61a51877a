namespace Sweep.Grains.Coordination;

/// <summary>What a silo says of itself.</summary>
/// <param name="Devices">What it trains on, in words: <c>cuda:0 (NVIDIA H200)</c>.</param>
/// <param name="Slots">How many trials it works on at a time.</param>
/// <param name="Offers">What it can do beyond what every silo can.</param>
public sealed record SiloFacts(string Devices, int Slots, Abilities Offers)
{
    /// <summary>Where it keeps artifacts, for people to find them: a folder on its machine; null says nothing.</summary>
    public string? Artifacts { get; init; }
}
