namespace Sweep.Silo;

/// <summary>Told what one attempt does, from the thread that runs it: quick, and throws nothing.</summary>
public interface IAttemptObserver
{
    /// <summary>The phase before it, if any, is over.</summary>
    void Entered(AttemptPhase phase);

    /// <summary>Training is further by <paramref name="steps"/> steps: about 200 times per run.</summary>
    /// <param name="loss">Mean over those steps; NaN or infinite where it diverged.</param>
    void Trained(int steps, double loss);

    /// <summary>One reverse step more was taken, and the samples after it scored; in turn, from step 0.</summary>
    void Scored(double logLikelihoodNats);

    /// <summary>What the present phase makes was there already.</summary>
    void Reused();

    /// <summary>The attempt goes on in another asynchronous flow, where nothing ambient of the one before is left: its trace, say.</summary>
    void GoesOn();
}
