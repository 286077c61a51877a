using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Training;

namespace Sweep.Tests.Diffusion.Training.Cuda;

/// <summary>
/// Training written to be read: batches drawn by the scalar Philox, gradients by <see cref="ReferenceMlp"/>, Adam as in Kingma and Ba (arXiv 1412.6980,
/// algorithm 1), all sums in double. Slow.
/// </summary>
internal static class ReferenceTrainer
{
    public static (double[] Weights, double[] Losses) Train(TrainingJob job)
    {
        var shape = job.Mlp;
        var table = new NoiseTable(job.Design, job.SigmaData, shape.TimeFeatures);
        double[] weights = [.. InitialWeights.Draw(shape, job.Seed).Select(w => (double)w)], first = new double[weights.Length],
            second = new double[weights.Length];
        double[] losses = new double[job.Settings.Steps];
        for (int step = 0; step < losses.Length; step++)
        {
            var (inputs, targets, rowWeights) = Batch(job, table, step);
            (losses[step], double[] gradient) = ReferenceMlp.LossAndGradient(shape, weights, inputs, targets, rowWeights);
            double rate = job.Settings.LearningRateAt(step) / (1 - Math.Pow(0.9, step + 1)), correction = 1 - Math.Pow(0.999, step + 1);
            for (int i = 0; i < weights.Length; i++)
            {
                first[i] = (0.9 * first[i]) + (0.1 * gradient[i]);
                second[i] = (0.999 * second[i]) + (0.001 * gradient[i] * gradient[i]);
                weights[i] -= rate * first[i] / (Math.Sqrt(second[i] / correction) + 1e-8);
            }
        }

        return (weights, losses);
    }

    private static (double[] Inputs, double[] Targets, double[] RowWeights) Batch(TrainingJob job, NoiseTable table, int step)
    {
        int batch = job.Settings.Batch, d = job.Shape.Dimensions, features = job.Shape.TimeFeatures;
        double[] inputs = new double[batch * job.Mlp.Inputs], targets = new double[batch * d], rowWeights = new double[batch];
        float[] noise = new float[batch * d];
        NormalNoise.Fill(noise, job.Seed, NoisePurpose.TrainingNoise, (uint)step, 0, d);
        for (int row = 0; row < batch; row++)
        {
            (uint a, uint b, _, _) = Philox.Words(job.Seed, 0, (uint)row, (uint)step, NoisePurpose.TrainingBatch);
            int point = (int)((a * (ulong)job.Points) >> 32), level = (int)(((ulong)row * NoiseTable.Rows) + (b >> 20)) / batch;
            var c = table.Coefficients.Slice(level * NoiseTable.CoefficientStride, NoiseTable.CoefficientStride);
            rowWeights[row] = c[NoiseTable.Weight];
            for (int i = 0; i < d; i++)
            {
                double x0 = job.Data[(point * d) + i], epsilon = noise[(row * d) + i];
                inputs[(row * job.Mlp.Inputs) + i] = (c[NoiseTable.InputClean] * x0) + (c[NoiseTable.InputNoise] * epsilon);
                targets[(row * d) + i] = (c[NoiseTable.TargetClean] * x0) + (c[NoiseTable.TargetNoise] * epsilon);
            }

            for (int i = 0; i < features; i++)
                inputs[(row * job.Mlp.Inputs) + d + i] = table.Features[(level * features) + i];
        }

        return (inputs, targets, rowWeights);
    }
}
