using System.Numerics.Tensors;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Training.Cuda;
using Sweep.Silo.Preparation;

namespace Sweep.Silo;

/// <summary>
/// Maps each reverse step back to data space and scores it, as it comes by. Curves, which are stored in fp32, are evaluated in it where the density can; the
/// last state's log-likelihood, which is a metric, in fp64.
/// </summary>
internal sealed class ReverseRecorder : IDisposable
{
    private readonly PreparedData _data;
    private readonly IDensity? _density;
    private readonly IDeviceDensity? _onDevice;
    private readonly double[] _points;
    private readonly double[] _logDensities;
    private readonly float[] _narrowPoints;
    private readonly float[] _narrowLogDensities;
    private readonly double[] _logLikelihood;
    private readonly double[] _logLikelihoodX0;
    private readonly int _states;
    private readonly Trajectory _trajectory;
    private int _evaluations;
    private int _nonFinite;

    /// <param name="data">The trial's.</param>
    /// <param name="states">How many there will be.</param>
    /// <param name="samples">Rows of each.</param>
    /// <param name="device">Where curves are evaluated; null: here.</param>
    public ReverseRecorder(PreparedData data, int states, int samples, IDeviceEvaluator? device)
    {
        _data = data;
        _states = states;
        _density = data.Drawn.Dataset.Density;
        _onDevice = _density is null ? null : device?.CreateDensity(_density);
        int curve = _density is null ? 0 : states;
        _points = new double[samples * data.Fitted.Dimensions];
        _logDensities = new double[samples];
        _narrowPoints = new float[_points.Length];
        _narrowLogDensities = new float[samples];
        _logLikelihood = new double[curve];
        _logLikelihoodX0 = new double[curve];
        _trajectory = new Trajectory(states, samples, data.Fitted.Dimensions);
    }

    /// <summary>The density where the device has it; this one's to dispose of.</summary>
    public IDeviceDensity? OnDevice => _onDevice;

    /// <summary>Of a state that lies on the device: what it made of it, and points only where that has to be done here.</summary>
    public void Record(DeviceState state)
    {
        _evaluations = state.Evaluations;
        bool last = state.Step == _states - 1;
        if (_density is not null)
            _logLikelihoodX0[state.Step] = Known(last, state.CleanNats) ?? Copied(_density, state.CopyClean, last).Nats;
        bool scoredHere = last || (_density is not null && state.Nats is null);
        if (scoredHere || _trajectory.Has(state.Step))
        {
            state.CopyPoints(_points);
            _trajectory.Record(state.Step, _points);
        }

        if (_density is null)
            return;
        if (!scoredHere)
        {
            _logLikelihood[state.Step] = state.Nats!.Value;
            return;
        }

        MeanLogLikelihood mean = Mean(_density, last);
        _logLikelihood[state.Step] = mean.Nats;
        _nonFinite = mean.NonFinite;
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
        _trajectory.Record(state.Step, _points);
        if (_density is null)
            return;
        MeanLogLikelihood mean = Mean(_density, last);
        _logLikelihood[state.Step] = mean.Nats;
        _nonFinite = mean.NonFinite;
    }

    /// <summary>The log-likelihood after a recorded step; null without a density.</summary>
    public double? LogLikelihood(int step) => _density is null ? null : _logLikelihood[step];

    public SampledTrial Finish() => new()
    {
        Samples = new PointSet([.. _points], _data.Fitted.Dimensions),
        LogLikelihood = _logLikelihood,
        LogLikelihoodX0 = _logLikelihoodX0,
        NonFinite = _nonFinite,
        Evaluations = _evaluations,
        Trajectory = _trajectory,
    };

    public void Dispose() => _onDevice?.Dispose();

    /// <summary>The last state's is a metric, and exact.</summary>
    private static double? Known(bool last, double? nats) => last ? null : nats;

    private delegate void Copy(Span<double> points);

    private MeanLogLikelihood Copied(IDensity density, Copy copy, bool last)
    {
        copy(_points);
        return Mean(density, last);
    }

    private MeanLogLikelihood Mean(IDensity density, bool exact)
    {
        if (!exact)
        {
            TensorPrimitives.ConvertTruncating<double, float>(_points, _narrowPoints);
            if (_onDevice?.TryLogDensity(_narrowPoints, _narrowLogDensities) ?? density.TryLogDensity(_narrowPoints, _narrowLogDensities))
                return MeanLogLikelihood.Of(_narrowLogDensities);
        }

        density.LogDensity(_points, _logDensities);
        return MeanLogLikelihood.Of(_logDensities);
    }
}
