using System.Text;
using Sweep.Diffusion.Datasets;
using Sweep.Silo;
using Xunit;

namespace Sweep.Tests.Silo;

public sealed class NpyWriterTests
{
    [Fact]
    public void Format_WhenTwoByThree_IsWhatNumPyWrites()
    {
        byte[] bytes = NpyWriter.Format(new PointSet([1, 2, 3, 4, 5, 6.5], 3));

        // numpy.save of float64 [[1,2,3],[4,5,6.5]], NumPy 1.24: a header of 128 bytes, then the values.
        Assert.Equal(128 + 48, bytes.Length);
        Assert.Equal(new byte[] { 0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0 }, bytes[..10]);
        Assert.Equal(
            "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n", Encoding.ASCII.GetString(bytes[10..128]));
        Assert.Equal(6.5, BitConverter.ToDouble(bytes, 128 + 40));
    }
}
