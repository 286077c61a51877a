namespace Sweep.Diffusion.Training.Cuda;

/// <summary>Where a kernel keeps what; the numbers are those of Kernels/passes.h.</summary>
internal enum Placement
{
    /// <summary>All in the block's shared memory.</summary>
    AllShared = 0,

    /// <summary>Adam's moments in global memory, through the second-level cache.</summary>
    MomentsGlobal = 1,

    /// <summary>Weights and gradient too.</summary>
    ParametersGlobal = 2,

    /// <summary>Activations too.</summary>
    AllGlobal = 3,
}
