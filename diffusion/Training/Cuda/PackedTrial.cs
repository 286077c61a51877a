using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>One trial of a launch: the same bytes as Trial in Kernels/plan.h. Pointers are device addresses.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PackedTrial
{
    public nuint Points;
    public nuint Coefficients;
    public nuint Features;
    public nuint Rates;
    public nuint Weights;
    public nuint First;
    public nuint Second;
    public nuint Gradient;
    public nuint Scratch;
    public nuint Losses;
    public ulong Seed;
    public double WindowSum;

    /// <summary>The loss that wasn't finite.</summary>
    public double BadLoss;

    /// <summary>Training points.</summary>
    public uint Count;
    public int Batch;

    /// <summary>Of the whole run.</summary>
    public int Steps;

    /// <summary>Steps after which this launch stops.</summary>
    public int Until;

    /// <summary>Steps done.</summary>
    public int Step;

    /// <summary>Points of the loss curve.</summary>
    public int Windows;

    /// <summary>Those done.</summary>
    public int Window;

    /// <summary>1 when the loss of step <see cref="Step"/> - 1 wasn't finite.</summary>
    public int Diverged;
}
