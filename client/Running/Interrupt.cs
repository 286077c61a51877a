using System.Runtime.InteropServices;
using Sweep.Client.Terminal;

namespace Sweep.Client.Running;

/// <summary>
/// Ctrl-C, SIGTERM and a closed terminal: the first one drains (running trials are checkpointed and released), a second Ctrl-C ends the process at once; what
/// was committed stays either way. A second SIGTERM changes nothing: batch systems send it to a job's shell and its children, and that shell passes it on; to
/// end it at once there is SIGKILL.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _drain = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interrupt()
    {
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, Handle))];
    }

    public CancellationToken Token => _drain.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _drain.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (_drain.IsCancellationRequested && signal.Signal == PosixSignal.SIGINT)
            Environment.Exit(ExitCode.Interrupted);
        _drain.Cancel();
    }
}
