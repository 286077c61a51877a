using System.Numerics.Tensors;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Samplers;

namespace Sweep.Silo;

/// <summary>
/// Maps each reverse step back to data space and scores it, as it comes by. Curves, which are stored in fp32, are evaluated in it where the density can; the last state's log-likelihood, which is a metric, in fp64.
/// </summary>
internal sealed class ReverseRecorder
{
    private readonly PreparedData _data;
    private readonly IDensity? _density;
    private readonly double[] _points;
    private readonly double[] _logDensities;
    private readonly float[] _narrowPoints;
    private readonly float[] _narrowLogDensities;
    private readonly double[] _logLikelihood;
    private readonly double[] _logLikelihoodX0;
    private readonly int _states;
    private int _evaluations;
    private int _nonFinite;

    public ReverseRecorder(PreparedData data, int states, int samples)
    {
        _data = data;
        _states = states;
        _density = data.Drawn.Dataset.Density;
        int curve = _density is null ? 0 : states;
        _points = new double[samples * data.Fitted.Dimensions];
        _logDensities = new double[samples];
        _narrowPoints = new float[_points.Length];
        _narrowLogDensities = new float[samples];
        _logLikelihood = new double[curve];
        _logLikelihoodX0 = new double[curve];
    }

    public void Record(ReverseState state)
    {
        _evaluations = state.Evaluations;
        bool last = state.Step == _states - 1;
        if (_density is not null)
        {
            _data.Fitted.Inverse(state.X0Hat, _points);
            _logLikelihoodX0[state.Step] = Mean(_density, last).Nats;
        }

        _data.Fitted.Inverse(state.X, _points);
        if (_density is null)
            return;
        MeanLogLikelihood mean = Mean(_density, last);
        _logLikelihood[state.Step] = mean.Nats;
        _nonFinite = mean.NonFinite;
    }

    public SampledTrial Finish() => new()
    {
        Samples = new PointSet([.. _points], _data.Fitted.Dimensions),
        LogLikelihood = _logLikelihood,
        LogLikelihoodX0 = _logLikelihoodX0,
        NonFinite = _nonFinite,
        Evaluations = _evaluations,
    };

    private MeanLogLikelihood Mean(IDensity density, bool exact)
    {
        if (!exact && density is GaussianMixture mixture)
        {
            TensorPrimitives.ConvertTruncating<double, float>(_points, _narrowPoints);
            if (mixture.TryLogDensity(_narrowPoints, _narrowLogDensities))
                return MeanLogLikelihood.Of(_narrowLogDensities);
        }

        density.LogDensity(_points, _logDensities);
        return MeanLogLikelihood.Of(_logDensities);
    }
}
