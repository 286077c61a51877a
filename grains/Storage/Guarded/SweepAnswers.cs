using Sweep.Grains.Sweeps;

namespace Sweep.Grains.Storage.Guarded;

/// <summary>Answers a <see cref="SweepQuestion"/>.</summary>
/// <param name="Outlook">Null where it wasn't asked for.</param>
internal sealed record SweepAnswers(SweepTerms Terms, Outlook? Outlook);
