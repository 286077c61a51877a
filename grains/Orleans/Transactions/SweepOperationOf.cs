namespace Sweep.Grains.Orleans.Transactions;

/// <summary>
/// The same with its answer's type. The answer is set while the transaction is under way, perhaps more than once, and given when it has committed.
/// </summary>
internal abstract class SweepOperation<T> : SweepOperation
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _done.Task;

    public T Answer { get; set; } = default!;

    public override void Committed() => _done.TrySetResult(Answer);

    public override void Fail(Exception exception) => _done.TrySetException(exception);
}
