using Microsoft.Playwright;
using Sweep.Tests.Client.Dashboard.Browser;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Sweep.Tests.Client.Dashboard.Browser;

/// <summary>
/// Debian's Chromium, without a window; one for the whole test run, started when the first test asks. Each test has a profile of its own in it.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>For what never comes, on a machine that is busy with other tests.</summary>
    public const float PatienceMilliseconds = 60_000;

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _start = new(StartAsync);

    /// <summary>Why there is none on this machine; null when there is.</summary>
    public static string? Missing { get; } = FindExecutable() is null ? "no Chromium here: apt-get install chromium" : null;

    /// <summary>A visitor with a profile of their own.</summary>
    /// <param name="host">The only server that pages may ask.</param>
    /// <param name="width">Of the window, in CSS pixels.</param>
    internal Task<Visit> VisitAsync(PageHost host, int width = 1280, ColorScheme scheme = ColorScheme.Light) => VisitAsync(() => host.Url, width, scheme);

    /// <summary>A visitor of the files in a folder.</summary>
    internal Task<Visit> VisitFilesAsync(string folder, int width = 1280, ColorScheme scheme = ColorScheme.Light) =>
        VisitAsync(() => new Uri(folder).AbsoluteUri, width, scheme);

    private async Task<Visit> VisitAsync(Func<string> url, int width, ColorScheme scheme)
    {
        if (Missing is not null)
            Assert.Skip(Missing);
        IBrowser browser = (await _start.Value).Browser;
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(PatienceMilliseconds);
        return await Visit.BeginAsync(context, url);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_start.IsValueCreated)
            return;
        (IPlaywright playwright, IBrowser browser) = await _start.Value;
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static async Task<(IPlaywright, IBrowser)> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        IPlaywright playwright = await Playwright.CreateAsync();
        return (playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = FindExecutable(),

            // Containers have neither a sandbox for root nor much shared memory; pages here are our own.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        }));
    }

    private static string? FindExecutable() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}
