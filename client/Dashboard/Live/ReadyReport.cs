using Sweep.Client.Dashboard.Api;

namespace Sweep.Client.Dashboard.Live;

/// <summary>A report that is there.</summary>
/// <param name="AsOf">Completed trials in it.</param>
internal sealed record ReadyReport(Answer Answer, int AsOf);
