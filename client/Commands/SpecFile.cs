using Sweep.Client.Terminal;
using Sweep.Grains.Specs;

namespace Sweep.Client.Commands;

/// <summary>Reads a command's spec.</summary>
internal static class SpecFile
{
    /// <summary>The spec; null after reporting its errors on standard error.</summary>
    public static SweepSpec? Read(CommandContext context, string path) => Reading(context, path).Spec;

    /// <summary>The same with what was read of the data.</summary>
    public static SpecReading Reading(CommandContext context, string path)
    {
        SpecReading reading = SpecReader.Read(path, SpecCatalogue.Default);
        foreach (SpecError error in reading.Errors)
            context.Error.WriteLine(error);
        return reading;
    }
}
