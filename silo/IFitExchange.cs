using Sweep.Diffusion.Preprocessing;

namespace Sweep.Silo;

/// <summary>
/// Where silos get each other's fits, so that one is made once in a cluster and not once per silo. A fit is a pure function of its content and travels bit for
/// bit, so nobody's results depend on who made it. Thread-safe; called on an attempt's thread, once per fit and silo: what a silo has it doesn't ask for again.
/// </summary>
public interface IFitExchange
{
    /// <summary>The fit of this content: somebody's, perhaps after waiting for them, or made here. Where nobody answers it is made here.</summary>
    /// <param name="content">The hash of what determines it.</param>
    /// <param name="make">Makes it. What it throws is thrown.</param>
    IFittedPreprocessing Get(string content, Func<IFittedPreprocessing> make);
}
