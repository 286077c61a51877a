using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Samplers;

namespace Sweep.Silo;

/// <summary>Maps each reverse step back to data space and scores it, as it comes by.</summary>
internal sealed class ReverseRecorder
{
    private readonly PreparedData _data;
    private readonly double[] _points;
    private readonly double[] _logDensities;
    private readonly double[] _logLikelihood;
    private readonly double[] _logLikelihoodX0;
    private int _evaluations;
    private int _nonFinite;

    public ReverseRecorder(PreparedData data, int states, int samples)
    {
        _data = data;
        int curve = data.Drawn.Dataset.Density is null ? 0 : states;
        _points = new double[samples * data.Fitted.Dimensions];
        _logDensities = new double[samples];
        _logLikelihood = new double[curve];
        _logLikelihoodX0 = new double[curve];
    }

    public void Record(ReverseState state)
    {
        _evaluations = state.Evaluations;
        if (_data.Drawn.Dataset.Density is { } density)
            _logLikelihoodX0[state.Step] = Mean(density, state.X0Hat);
        _data.Fitted.Inverse(state.X, _points);
        if (_data.Drawn.Dataset.Density is { } known)
        {
            known.LogDensity(_points, _logDensities);
            MeanLogLikelihood mean = MeanLogLikelihood.Of(_logDensities);
            _logLikelihood[state.Step] = mean.Nats;
            _nonFinite = mean.NonFinite;
        }
    }

    public SampledTrial Finish() => new()
    {
        Samples = new PointSet([.. _points], _data.Fitted.Dimensions),
        LogLikelihood = _logLikelihood,
        LogLikelihoodX0 = _logLikelihoodX0,
        NonFinite = _nonFinite,
        Evaluations = _evaluations,
    };

    private double Mean(IDensity density, double[] latents)
    {
        _data.Fitted.Inverse(latents, _points);
        density.LogDensity(_points, _logDensities);
        return MeanLogLikelihood.Of(_logDensities).Nats;
    }
}
