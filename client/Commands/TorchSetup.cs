using System.Diagnostics;
using System.Runtime.InteropServices;
using Sweep.Client.Terminal;
using Sweep.Diffusion.Training;

namespace Sweep.Client.Commands;

/// <summary>
/// <c>sweep setup --torch</c>: fetches the native libtorch into NuGet's cache, from which TorchNative loads it. Nothing is copied next to the program.
/// </summary>
internal static class TorchSetup
{
    private static readonly Dictionary<string, (string Package, string Size)> Kinds = new(StringComparer.Ordinal)
    {
        ["cpu"] = ("libtorch-cpu", "128 MB"),
        ["cuda"] = ("libtorch-cuda-12.8", "some 3 GB"),
    };

    /// <summary>Fetches it, then reports whether it loads.</summary>
    /// <exception cref="UsageException">No such kind, no SDK, or NuGet doesn't have it.</exception>
    public static async Task<int> RunAsync(CommandContext context, string kind, CancellationToken cancellationToken)
    {
        if (!Kinds.TryGetValue(kind, out (string Package, string Size) wanted))
            throw new UsageException($"--torch: {Words.Clean(kind)}; allowed: {string.Join(", ", Kinds.Keys)}");
        string package =
            $"{wanted.Package}-{RuntimeInformation.RuntimeIdentifier.Split('-')[0]}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sweep-torch-");
        try
        {
            string project = Path.Combine(folder.FullName, "fetch.csproj");
            await File.WriteAllTextAsync(project, Project(package), cancellationToken);
            context.Error.WriteLine($"fetching {package} {TorchRuntime.LibtorchVersion} by NuGet ({wanted.Size}, once)");

            // A libtorch for CUDA comes in parts, which its package joins in the cache when a referencing project is built.
            (int exit, string said) = await DotnetAsync([kind == "cuda" ? "build" : "restore", project, "-v", "quiet", "-nologo"], folder.FullName,
                cancellationToken);
            if (exit != 0)
                throw new UsageException($"--torch {kind}: NuGet has no {package} {TorchRuntime.LibtorchVersion}: {FirstError(said)}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        context.Out.WriteLine(TorchRuntime.Missing is { } problem ? $"fetched, but it can't be used here: {problem}" : $"ready: {TorchRuntime.Engine.Library}");
        return TorchRuntime.Missing is null ? ExitCode.Done : ExitCode.NotAllDone;
    }

    private static string Project(string package) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
          <ItemGroup><PackageReference Include="{package}" Version="{TorchRuntime.LibtorchVersion}" ExcludeAssets="native;runtime" /></ItemGroup>
        </Project>
        """;

    private static async Task<(int Exit, string Said)> DotnetAsync(string[] arguments, string folder, CancellationToken cancellationToken)
    {
        try
        {
            using Process dotnet = Process.Start(new ProcessStartInfo("dotnet", arguments)
            {
                WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            })!;
            Task<string> output = dotnet.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> error = dotnet.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await dotnet.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                dotnet.Kill(entireProcessTree: true);
                throw;
            }

            return (dotnet.ExitCode, await output + await error);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new UsageException(
                "--torch: dotnet is not on the PATH; allowed: with the .NET SDK, whose NuGet fetches libtorch, "
                + "or unpack a libtorch and name its folder in SWEEP_LIBTORCH",
                e);
        }
    }

    private static string FirstError(string said) =>
        said.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Contains("error ", StringComparison.Ordinal)) is { } line
            ? line[line.IndexOf("error ", StringComparison.Ordinal)..]
            : Words.Clean(said.Trim());
}
