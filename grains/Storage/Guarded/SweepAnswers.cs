namespace Sweep.Grains.Storage.Guarded;

/// <summary>Answers a <see cref="SweepQuestion"/>.</summary>
/// <param name="Paused">Whether the sweep is.</param>
/// <param name="Outlook">Null where it wasn't asked for.</param>
internal sealed record SweepAnswers(bool Paused, Outlook? Outlook);
