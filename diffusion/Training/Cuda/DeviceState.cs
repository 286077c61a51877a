namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A state that lies on a device, until the next one is asked for.</summary>
public abstract class DeviceState
{
    /// <summary>As <see cref="Samplers.ReverseState.Step"/>.</summary>
    public abstract int Step { get; }

    /// <summary>As <see cref="Samplers.ReverseState.Evaluations"/>.</summary>
    public abstract int Evaluations { get; }

    /// <summary>The points' mean log-density in data space, nats; null where none was asked for, or a point's is not finite.</summary>
    public abstract double? Nats { get; }

    /// <summary>That of their x0-hats.</summary>
    public abstract double? CleanNats { get; }

    /// <summary>Copies the points here, in data space.</summary>
    /// <param name="points">Row-major (n, d).</param>
    public abstract void CopyPoints(Span<double> points);

    /// <summary>Copies their x0-hats here, in data space.</summary>
    /// <param name="points">Row-major (n, d).</param>
    public abstract void CopyClean(Span<double> points);
}
