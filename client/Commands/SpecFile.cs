using Sweep.Grains.Specs;

namespace Sweep.Client.Commands;

/// <summary>Reads the spec a command was given.</summary>
internal static class SpecFile
{
    /// <summary>The spec, or null after saying on standard error all that is wrong with it.</summary>
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
