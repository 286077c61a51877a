using Sweep.Client.Dashboard.Api;

namespace Sweep.Client.Dashboard.Live;

/// <summary>A report that is there.</summary>
/// <param name="AsOf">Completed trials in it.</param>
/// <param name="WithCurves">Whether its groups have their curves.</param>
internal sealed record ReadyReport(Answer Answer, int AsOf, bool WithCurves);
