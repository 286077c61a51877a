using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>What the density kernel is told: the same bytes as DensityCall in Kernels/measure.h, which says what each is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DensityCall
{
    public nuint Points;
    public nuint Nats;
    public nuint Sums;
    public nuint Map;
    public nuint Means;
    public nuint Shapes;
    public nuint LogCoefficients;
    public nuint Groups;
    public int Rows;
    public int BlocksPerState;
    public int Dimensions;
    public int GroupCount;
    public int Triangular;
    public float Constant;
}
