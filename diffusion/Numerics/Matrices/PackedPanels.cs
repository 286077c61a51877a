using System.Runtime.CompilerServices;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Numerics.Matrices;

/// <summary>
/// The inner half of <see cref="BlockedProduct"/>: one block of depth, in tiles of 4 rows and two registers of columns. What a tile lacks of whole rows and
/// columns is zero.
/// </summary>
/// <param name="columns">Of B.</param>
/// <param name="depth">The deepest block.</param>
internal readonly unsafe struct PackedPanels<T, L>(int columns, int depth)
    where T : unmanaged
    where L : struct, IDoubleLanes<T>
{
    private const int TileRows = 4;

    private static int TileColumns => 2 * L.Count;

    /// <summary>Doubles that a call needs room for: B's panels, A's rows, and a tile that overhangs.</summary>
    public int Room => ((columns + TileColumns) * depth) + (BlockedProduct.RowBlock * depth) + (TileRows * TileColumns);

    /// <summary>C (+)= scale A[:, k..] B[k.., :] over a block of depth.</summary>
    public void Multiply(MatrixView a, MatrixView b, int k, int count, Span<double> c, int step, double scale, bool add, bool lower, Span<double> room)
    {
        int panels = (columns + TileColumns - 1) / TileColumns;
        Span<double> packedB = room[..(panels * TileColumns * count)], rest = room[packedB.Length..];
        Span<double> packedA = rest[..(BlockedProduct.RowBlock * count)], overhang = rest.Slice(packedA.Length, TileRows * TileColumns);
        PackColumns(b, k, count, packedB);
        fixed (double* left = packedA, right = packedB, target = c, spare = overhang)
        {
            for (int firstRow = 0; firstRow < a.Rows; firstRow += BlockedProduct.RowBlock)
            {
                int rows = Math.Min(BlockedProduct.RowBlock, a.Rows - firstRow);
                PackRows(a, firstRow, rows, k, count, scale, packedA);
                for (int column = 0; column < columns && !(lower && column >= firstRow + rows); column += TileColumns)
                {
                    for (int row = 0; row < rows; row += TileRows)
                    {
                        if (lower && column >= firstRow + row + TileRows)
                            continue;
                        double* corner = target + ((nint)(firstRow + row) * step) + column, tileA = left + ((nint)row * count),
                            tileB = right + ((nint)column * count);
                        if (row + TileRows <= rows && column + TileColumns <= columns)
                            Tile(tileA, tileB, corner, step, count, add);
                        else
                            Overhanging(tileA, tileB, corner, step, count, add, Math.Min(TileRows, rows - row), Math.Min(TileColumns, columns - column), spare);
                    }
                }
            }
        }
    }

    /// <summary>Panels of two registers' columns: (panel, depth, columns of a tile).</summary>
    private void PackColumns(MatrixView b, int k, int count, Span<double> packed)
    {
        int width = TileColumns;
        packed.Clear();
        for (int column = 0; column < columns; column += width)
        {
            Span<double> panel = packed.Slice(column * count, width * count);
            int whole = Math.Min(width, columns - column);
            if (b.ColumnStep == 1)
            {
                for (int q = 0; q < count; q++)
                    b.Values.Slice(((k + q) * b.RowStep) + column, whole).CopyTo(panel[(q * width)..]);
                continue;
            }

            for (int j = 0; j < whole; j++)
            {
                int from = (k * b.RowStep) + ((column + j) * b.ColumnStep);
                for (int q = 0; q < count; q++)
                    panel[(q * width) + j] = b.Values[from + (q * b.RowStep)];
            }
        }
    }

    /// <summary>Panels of a tile's rows: (panel, depth, rows of a tile).</summary>
    private static void PackRows(MatrixView a, int firstRow, int rows, int k, int count, double scale, Span<double> packed)
    {
        for (int row = 0; row < rows; row += TileRows)
        {
            Span<double> panel = packed.Slice(row * count, TileRows * count);
            for (int r = 0; r < TileRows; r++)
            {
                int from = ((firstRow + row + r) * a.RowStep) + (k * a.ColumnStep);
                for (int q = 0; q < count; q++)
                    panel[(q * TileRows) + r] = row + r < rows ? scale * a.Values[from + (q * a.ColumnStep)] : 0;
            }
        }
    }

    private static void Overhanging(double* a, double* b, double* c, int step, int count, bool add, int rows, int columns, double* spare)
    {
        for (int r = 0; r < rows && add; r++)
            new ReadOnlySpan<double>(c + ((nint)r * step), columns).CopyTo(new Span<double>(spare + (r * TileColumns), columns));
        Tile(a, b, spare, TileColumns, count, add);
        for (int r = 0; r < rows; r++)
            new ReadOnlySpan<double>(spare + (r * TileColumns), columns).CopyTo(new Span<double>(c + ((nint)r * step), columns));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(double* a, double* b, double* c, nint step, int count, bool add)
    {
        T c0a = L.Zero, c0b = L.Zero, c1a = L.Zero, c1b = L.Zero, c2a = L.Zero, c2b = L.Zero, c3a = L.Zero, c3b = L.Zero;
        do
        {
            T b0 = L.Load(b), b1 = L.Load(b + L.Count);
            T a0 = L.Broadcast(a[0]);
            c0a = L.MultiplyAdd(a0, b0, c0a);
            c0b = L.MultiplyAdd(a0, b1, c0b);
            a0 = L.Broadcast(a[1]);
            c1a = L.MultiplyAdd(a0, b0, c1a);
            c1b = L.MultiplyAdd(a0, b1, c1b);
            a0 = L.Broadcast(a[2]);
            c2a = L.MultiplyAdd(a0, b0, c2a);
            c2b = L.MultiplyAdd(a0, b1, c2b);
            a0 = L.Broadcast(a[3]);
            c3a = L.MultiplyAdd(a0, b0, c3a);
            c3b = L.MultiplyAdd(a0, b1, c3b);
            a += TileRows;
            b += 2 * L.Count;
        }
        while (--count != 0);
        if (add)
        {
            c0a = L.Add(L.Load(c), c0a);
            c0b = L.Add(L.Load(c + L.Count), c0b);
            c1a = L.Add(L.Load(c + step), c1a);
            c1b = L.Add(L.Load(c + step + L.Count), c1b);
            c2a = L.Add(L.Load(c + (2 * step)), c2a);
            c2b = L.Add(L.Load(c + (2 * step) + L.Count), c2b);
            c3a = L.Add(L.Load(c + (3 * step)), c3a);
            c3b = L.Add(L.Load(c + (3 * step) + L.Count), c3b);
        }

        L.Store(c, c0a);
        L.Store(c + L.Count, c0b);
        L.Store(c + step, c1a);
        L.Store(c + step + L.Count, c1b);
        L.Store(c + (2 * step), c2a);
        L.Store(c + (2 * step) + L.Count, c2b);
        L.Store(c + (3 * step), c3a);
        L.Store(c + (3 * step) + L.Count, c3b);
    }
}
