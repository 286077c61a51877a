namespace Sweep.Client.Running;

/// <summary>Shows a run until it is done.</summary>
internal interface IRunView
{
    /// <summary>Redraws until <paramref name="run"/> is over.</summary>
    Task ShowAsync(RunState state, Task run);
}
