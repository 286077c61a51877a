using Sweep.Diffusion.Training.Torch;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Torch;

public sealed class TorchLibraryTests
{
    [Fact]
    public void Of_OnDebian_NamesLibtorchAndItsBlas()
    {
        const string Torch = "/usr/lib/x86_64-linux-gnu/libtorch_cpu.so.1.13.0";
        var reference = TorchLibrary.Of(["/usr/lib/libc.so.6", Torch, "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0"]);
        Assert.True(reference.IsReferenceBlas);
        Assert.Equal("libtorch 1.13.0 in /usr/lib/x86_64-linux-gnu, BLAS /usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", reference.Shown);
        Assert.False(TorchLibrary.Of([Torch, "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3",
            "/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblasp-r0.3.21.so"]).IsReferenceBlas);
        Assert.False(TorchLibrary.Of([Torch, "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3"]).IsReferenceBlas);
    }

    [Fact]
    public void Of_FromAPackage_TakesTheVersionFromItsFolder()
    {
        var library = TorchLibrary.Of(["/root/.nuget/packages/libtorch-cpu-linux-x64/2.10.0/runtimes/linux-x64/native/libtorch_cpu.so"]);
        Assert.StartsWith("libtorch 2.10.0 in ", library.Shown, StringComparison.Ordinal);
        Assert.EndsWith("its own BLAS", library.Shown, StringComparison.Ordinal);
        Assert.False(library.IsReferenceBlas);
        Assert.Equal("libtorch", TorchLibrary.Of([]).Shown);
    }
}
