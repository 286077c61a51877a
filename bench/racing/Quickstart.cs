namespace Sweep.Bench.Racing;

internal static class Quickstart
{
    /// <summary>
    /// Differences in the final log-likelihood of examples/quickstart.yaml over their standard deviation between seeds, as 8 seeds show them (data set by
    /// width, whiten then gaussianize); 0 where the plain t-test at 5 % alone doesn't tell them from zero.
    /// </summary>
    public static readonly double[] Effects =
    [
        0, 7.77, 3.38, 8.71, 0, 2.54, 3.82, 7.29,
        0, 7.06, 0, 3.88, 0, 2.48, 0, 0.87,
        0, 0, 0, 0, 0, 0, 0, -1.43,
    ];
}
