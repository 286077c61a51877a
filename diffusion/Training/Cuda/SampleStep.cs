using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>One evaluation of a sampling launch: the same bytes as SampleStep in Kernels/sample.h, which says what each is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SampleStep
{
    public double InputScale;
    public double SkipScale;
    public double OutputScale;
    public int Clean;
    public int FirstTerm;
    public int Terms;
    public int Points;
    public int Answer;
    public int Record;
}
