namespace Sweep.Grains.Orleans.Shells;

internal static class Forgotten
{
    /// <summary>Nobody waits for it: how it fails is of no consequence.</summary>
    public static void Forget(this Task task) => _ = task.ContinueWith(
        static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
