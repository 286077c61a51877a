using System.Diagnostics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Silo.Telemetry;

/// <summary>
/// The span of a sweep's launch, which the store keeps with the sweep so that all attempts are linked to it. It continues the trace that the environment names
/// (<c>TRACEPARENT</c>), as other commands do that a pipeline calls. Disposing sends it.
/// </summary>
public sealed class LaunchTrace : IDisposable
{
    /// <summary>Not the silos' source: in a run both are in one process, and each span is sent once.</summary>
    private const string Name = $"{Instruments.Name}.Launch";

    private readonly ActivitySource _source = new(Name);
    private readonly OtlpExport? _export;
    private readonly ActivityContext _parent;

    /// <param name="instance">Tells this process from others.</param>
    public LaunchTrace(string instance)
    {
        _export = OtlpExport.TracesFromEnvironment(instance, Name);
        if (ActivityContext.TryParse(Environment.GetEnvironmentVariable("TRACEPARENT"), Environment.GetEnvironmentVariable("TRACESTATE"), isRemote: true,
            out ActivityContext parent))
            _parent = parent;
    }

    /// <param name="continued">The sweep whose place it takes; null: the one of its name.</param>
    public async Task<SubmitAnswer> SubmitAsync(
        ISweepOperations coordinator, SweepSpec sweep, IReadOnlyCollection<PlannedTrial> trials, string? continued, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(coordinator);
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(trials);
        using Activity? span = _source.StartActivity(
            ActivityKind.Producer, _parent, [new(Attributes.SweepId, sweep.Id), new(Attributes.SweepName, sweep.Name), new(Attributes.Trials, trials.Count)],
                name: "launch");

        // Nothing is sent from here, but silos may send theirs.
        using Activity? passedOn = span is null && _parent != default
            ? new Activity("launch").SetParentId(_parent.TraceId, _parent.SpanId, _parent.TraceFlags).Start() : null;
        try
        {
            return await (continued is null
                ? coordinator.SubmitAsync(sweep, trials, cancellationToken)
                : coordinator.ContinueAsync(continued, sweep, trials, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            span?.SetTag(Attributes.ErrorType, e.GetType().Name);
            throw;
        }
    }

    public void Dispose()
    {
        _export?.Dispose();
        _source.Dispose();
    }
}
