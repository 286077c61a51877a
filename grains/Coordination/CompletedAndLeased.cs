namespace Sweep.Grains.Coordination;

/// <summary>The answer to results and a request for more.</summary>
/// <param name="Answers">One per result, in order.</param>
/// <param name="Leases">As of <see cref="IWorkSource.LeaseAsync"/>.</param>
public sealed record CompletedAndLeased(IReadOnlyList<ReportAnswer> Answers, IReadOnlyList<Lease> Leases);
