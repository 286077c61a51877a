namespace Sweep.Diffusion.Diagnostics;

/// <summary>The diagnostics that a spec may ask for, by their keys in <c>diagnostics</c>: never renamed, only added.</summary>
public static class DiagnosticNames
{
    public const string ExplainedShare = "explained_share";
    public const string DenoisingError = "denoising_error";
    public const string Bifurcation = "bifurcation";
    public const string ErrorDecomposition = "error_decomposition";
    public const string Likelihood = "likelihood";
    public const string ValidationLoss = "validation_loss";
    public const string ExplainedPath = "explained_path";
    public const string SymmetryBreaking = "symmetry_breaking";
    public const string TotalCorrelation = "total_correlation";
    public const string PrincipalComponents = "principal_components";
    public const string Collapse = "collapse";
}
