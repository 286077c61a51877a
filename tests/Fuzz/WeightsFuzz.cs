using Sweep.Diffusion.Networks;
using Xunit;

namespace Sweep.Tests.Fuzz;

/// <summary>Whatever a file of weights holds, it is a network or refused as no such file.</summary>
public sealed class WeightsFuzz(ITestOutputHelper output)
{
    [Fact]
    public void Read_WhateverTheFileHolds_IsANetworkOrInvalidData()
    {
        var shape = new MlpShape(2, 4, 5, 2, Activation.Gelu);
        byte[] sample = NetworkFile.Write(new TrainedNetwork { Shape = shape, Parametrisation = Parametrisation.V, SigmaData = 0.5,
            Weights = new float[shape.ParameterCount] });
        Fuzzer.Run("weights", output, [sample], bytes =>
        {
            try
            {
                NetworkFile.Read(bytes);
            }
            catch (InvalidDataException)
            {
                // As promised.
            }
        });
    }
}
