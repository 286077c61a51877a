namespace Sweep.Tests.Client;

/// <summary>What a command left.</summary>
internal sealed record SweepOutcome(int ExitCode, string Output, string Error);
