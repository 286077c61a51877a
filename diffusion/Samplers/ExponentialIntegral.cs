using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// Weights of exponential integrators in data prediction. With lambda = ln(alpha / sigma) and h = lambda_t - lambda_s, the probability flow is
/// x_t = (sigma_t / sigma_s) x_s + alpha_t int_0^1 h e^(-h (1 - u)) x0-hat(lambda_s + u h) du (Lu et al., arXiv 2211.01095, eq. 8); x0-hat is replaced by
/// a polynomial in u through known values.
/// </summary>
internal static class ExponentialIntegral
{
    /// <summary>The moments int_0^1 h e^(-h (1 - u)) u^m du, m = 0, 1, …; moment m is h m! phi_(m+1)(-h).</summary>
    public static void Moments(double h, Span<double> moments)
    {
        for (int m = 0; m < moments.Length; m++)
        {
            // The recurrence loses digits at small h, where the series needs few terms: 0.5^18 / 18! is below rounding.
            if (h < 0.5)
                moments[m] = Series(h, m);
            else
                moments[m] = m == 0 ? 1 - Math.Exp(-h) : 1 - (m / h * moments[m - 1]);
        }
    }

    /// <summary>
    /// The weights of x0-hat(node) - x0-hat(0) for the polynomial through u = 0 and the nodes.
    /// </summary>
    /// <param name="h">The step in lambda, greater than 0 and finite.</param>
    /// <param name="nodes">Different from each other and from 0; negative ones lie in the past, 1 is the end of the step.</param>
    /// <param name="weights">(nodes.Length).</param>
    public static void Weights(double h, ReadOnlySpan<double> nodes, Span<double> weights)
    {
        Span<double> moments = stackalloc double[nodes.Length + 1];
        Moments(h, moments);
        Weights(moments, nodes, weights);
    }

    /// <summary>The same for any integral over u, given by its moments.</summary>
    /// <param name="moments">The integrals of u^0, u^1, … up to u^(nodes.Length).</param>
    /// <param name="nodes">Different from each other and from 0.</param>
    /// <param name="weights">(nodes.Length).</param>
    public static void Weights(ReadOnlySpan<double> moments, ReadOnlySpan<double> nodes, Span<double> weights)
    {
        int count = nodes.Length;
        Span<double> polynomial = stackalloc double[count + 1];
        for (int k = 0; k < count; k++)
        {
            // Lagrange's u prod_(j != k) (u - r_j), by its coefficients, over its value at r_k.
            polynomial.Clear();
            polynomial[1] = 1;
            double scale = nodes[k];
            int degree = 1;
            for (int j = 0; j < count; j++)
            {
                if (j == k)
                    continue;
                degree++;
                for (int power = degree; power > 0; power--)
                    polynomial[power] = polynomial[power - 1] - (nodes[j] * polynomial[power]);
                scale *= nodes[k] - nodes[j];
            }

            double sum = 0;
            for (int power = 1; power <= count; power++)
                sum += polynomial[power] * moments[power];
            weights[k] = sum / scale;
        }
    }

    /// <summary>
    /// A step from the history's newest level to another: the polynomial through the last <paramref name="order"/> x0-hats. Second order takes the
    /// midpoint's weight, half the step over the distance (arXiv 2211.01095, algorithm 2; arXiv 2302.04867's bh2), not that of the straight line. To a clean
    /// level: x0-hat.
    /// </summary>
    public static void Predict(StepHistory history, int order, NoiseLevel to, double[] x, double[] result)
    {
        if (to.Noise == 0)
        {
            history.Combine(0, x, [to.Signal], result);
            return;
        }

        Span<double> nodes = stackalloc double[order - 1];
        Span<double> weights = stackalloc double[order - 1];
        Span<double> clean = stackalloc double[order];
        Span<double> mean = stackalloc double[1];
        double h = MultistepParameters.Nodes(history, to, nodes);
        Moments(h, mean);
        if (order == 2)
            weights[0] = 0.5 * mean[0] / nodes[0];
        else
            Weights(h, nodes, weights);
        clean[0] = to.Signal * mean[0];
        for (int age = 1; age < order; age++)
        {
            clean[age] = to.Signal * weights[age - 1];
            clean[0] -= clean[age];
        }

        history.Combine(to.Noise / history.Level(0).Noise, x, clean, result);
    }

    private static double Series(double h, int m)
    {
        // h m! sum_j (-h)^j / (m + 1 + j)!
        double term = h / (m + 1);
        double sum = term;
        for (int j = 1; j < 18; j++)
        {
            term *= -h / (m + 1 + j);
            sum += term;
        }

        return sum;
    }
}
