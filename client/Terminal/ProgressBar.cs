namespace Sweep.Client.Terminal;

/// <summary>A progress bar as Spectre.Console's markup.</summary>
internal static class ProgressBar
{
    /// <param name="fraction">Done, 0 to 1.</param>
    /// <param name="width">In columns.</param>
    public static string Of(double fraction, int width)
    {
        int full = (int)Math.Round(Math.Clamp(fraction, 0, 1) * width);
        return $"[green]{new string('━', full)}[/][grey]{new string('━', width - full)}[/]";
    }
}
