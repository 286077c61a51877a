using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

/// <summary>What operators ask, as calls that return when it is done.</summary>
internal static class Operating
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task PauseAsync(this ISweepOperations operations, string sweepId, CancellationToken cancellation) =>
        DoAsync(operations, OperatorRequest.Pause(sweepId), cancellation);

    public static Task ResumeAsync(this ISweepOperations operations, string sweepId, CancellationToken cancellation) =>
        DoAsync(operations, OperatorRequest.Resume(sweepId), cancellation);

    public static Task<int> CancelAsync(this ISweepOperations operations, string sweepId, CancellationToken cancellation,
        IReadOnlyCollection<string>? trials = null) =>
        DoAsync(operations, OperatorRequest.Cancel(sweepId, trials), cancellation);

    public static Task<int> RetryAsync(this ISweepOperations operations, string sweepId, IReadOnlyCollection<string>? trials, CancellationToken cancellation) =>
        DoAsync(operations, OperatorRequest.Retry(sweepId, trials), cancellation);

    public static Task<int> DiscardAsync(this ISweepOperations operations, string sweepId, IReadOnlyCollection<string> trials,
        CancellationToken cancellation) =>
        DoAsync(operations, OperatorRequest.Discard(sweepId, trials), cancellation);

    public static Task<int> DeleteAsync(this ISweepOperations operations, string sweepId, CancellationToken cancellation) =>
        DoAsync(operations, OperatorRequest.Delete(sweepId), cancellation);

    public static async Task<bool> NoteAsync(this ISweepOperations operations, string sweepId, SweepNote note, CancellationToken cancellation) =>
        await DoAsync(operations, OperatorRequest.Annotate(sweepId, note), cancellation) > 0;

    public static async Task<bool> UnquarantineAsync(this ISweepOperations operations, string silo, CancellationToken cancellation) =>
        await DoAsync(operations, OperatorRequest.Unquarantine(silo), cancellation) > 0;

    private static async Task<int> DoAsync(ISweepOperations operations, OperatorRequest request, CancellationToken cancellation)
    {
        RequestRecord record = await operations.RequestAsync(request, Patience, cancellation);
        Assert.True(record.Done is not null, $"{request.Verb} was not carried out within {Patience}");
        Assert.Null(record.Refused);
        return record.Count;
    }
}
