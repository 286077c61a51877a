using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// checkerboard: uniform on the black squares of a board of side x side squares on [-half_width, half_width]^2, that at the lower left black. The density is
/// known (a constant on black squares), but it is 0 elsewhere, so that a sample beyond an edge would have a log-density of minus infinity and no mean could be
/// taken: it is not offered as one.
/// </summary>
internal static class Checkerboard
{
    internal static Kind<IDataset> Kind { get; } = new(
        "checkerboard",
        "uniform on the black squares of a board",
        [
            Parameter.Integer("side", 4, 1, 256, "squares along a side"),
            Parameter.Real("half_width", 1, "half the side of the board", DefinitionParameters.SmallestLength, DefinitionParameters.LargestLength),
        ],
        Create);

    private static DrawnDataset Create(ParameterValues values)
    {
        int side = values.Integer("side");
        double halfWidth = values.Real("half_width");

        // Squares in rows from below, every second one black.
        int black = ((side * side) + 1) / 2;
        return new DrawnDataset(2, (ref PhiloxStream stream, Span<double> point) =>
        {
            int square = stream.NextInt(black) * 2;
            int row = square / side, column = square % side;

            // With an even side the count of every second square would give columns, not a board.
            if (side % 2 == 0)
                column += row % 2;
            point[0] = halfWidth * ((2 * (column + stream.NextDouble()) / side) - 1);
            point[1] = halfWidth * ((2 * (row + stream.NextDouble()) / side) - 1);
        });
    }
}
