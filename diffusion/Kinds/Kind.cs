namespace Sweep.Diffusion.Kinds;

/// <summary>
/// A named implementation of a seam (a dataset, preprocessing, schedule or sampler), with the parameters a spec may give it.
/// Each implementation declares its own as a static <c>Kind</c> property and is listed once in its seam's registry.
/// </summary>
/// <typeparam name="T">The seam's interface.</typeparam>
/// <param name="Name">The name in a spec.</param>
/// <param name="Summary">One line for help.</param>
/// <param name="Parameters">All parameters it takes.</param>
/// <param name="Create">
/// Builds the implementation from resolved values; throws <see cref="KindException"/> when they make no sense together.
/// </param>
public sealed record Kind<T>(string Name, string Summary, IReadOnlyList<Parameter> Parameters, Func<ParameterValues, T> Create)
    where T : class;
