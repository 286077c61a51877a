using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Sweep.Bench.Dashboard;

/// <summary>
/// What someone at a browser waits for: Chromium without a window, each opening in a profile of its own, so that nothing is kept from before.
/// </summary>
internal sealed class Browsing : IAsyncDisposable
{
    /// <summary>A page is there when its frame with what was looked for has been handed to the screen.</summary>
    private const string Seen = """
        selector => new Promise(done => {
          const look = () => document.querySelector(selector) ? requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)) : setTimeout(look, 2);
          look();
        })
        """;

    /// <summary>Scrolls on with each frame, as a finger would that is kept moving, and notes how long frames took and how many rows were still empty.</summary>
    private const string Scroll = """
        ({ pixels, frames }) => new Promise(done => {
          const box = document.querySelector('.vt-scroll'), took = [];
          let last = performance.now(), empty = 0, shown = 0;
          const step = now => {
            took.push(now - last);
            last = now;
            for (const row of box.querySelectorAll('.vt-row:not([hidden])')) { shown++; if (row.classList.contains('pending')) empty++; }
            box.scrollTop += pixels;
            if (took.length < frames) requestAnimationFrame(step);
            else { took.shift(); took.sort((a, b) => a - b); 
              done({ median: took[took.length >> 1], p95: took[Math.floor(took.length * 0.95)], worst: took.at(-1), empty: empty / shown }); }
          };
          requestAnimationFrame(step);
        })
        """;

    /// <summary>Notes tasks of the page's one thread that took longer than 50 ms: while one runs, the page stalls.</summary>
    private const string NoteTasks =
        "window.tasks = []; new PerformanceObserver(list => window.tasks.push(...list.getEntries().map(e => e.duration))).observe({ type: 'longtask', "
        + "buffered: true })";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browsing(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <returns>Null without a Chromium.</returns>
    public static async Task<Browsing?> StartAsync()
    {
        string? executable = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "chromium"))
            .FirstOrDefault(File.Exists);
        if (executable is null)
        {
            Console.WriteLine("no Chromium here: nothing is opened in one");
            return null;
        }

        IPlaywright playwright = await Playwright.CreateAsync();
        return new Browsing(playwright,
            await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = executable, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] }));
    }

    /// <summary>From the address to what is looked for, in milliseconds: the first time, and the median and the longest of some more.</summary>
    public async Task OpenAsync(Uri server, string path, string selector, int times)
    {
        double first = await OpenOnceAsync(server, path, selector);
        double[] then = new double[times];
        for (int i = 0; i < times; i++)
            then[i] = await OpenOnceAsync(server, path, selector);
        Array.Sort(then);
        Console.WriteLine($"opened {path,-28} until {selector,-36} first {first,6:0} ms, then {then[times / 2],5:0} ms, {then[^1],5:0} ms at worst of {times}");
    }

    /// <summary>A page with a curve that grows, left open.</summary>
    /// <param name="selector">What has <c>data-points</c>.</param>
    public async Task<LivePage> FollowAsync(Uri address, string selector) => await LivePage.OpenAsync(await VisitAsync(), address, selector);

    /// <summary>For how long a page stalls at most while it opens and draws what it shows.</summary>
    public async Task StandStillAsync(Uri server, string path, string selector)
    {
        IPage page = await VisitAsync();
        await page.GotoAsync(new Uri(server, path).ToString());
        await page.EvaluateAsync<double>(Seen, selector);
        await Task.Delay(TimeSpan.FromSeconds(5));
        Console.WriteLine($"opened {path,-38} tasks above 50 ms: {await TasksAsync(page)}");
        await page.Context.DisposeAsync();
    }

    public async Task ScrollAsync(Uri server, string path)
    {
        IPage page = await VisitAsync();
        await page.GotoAsync(new Uri(server, path).ToString());
        await page.EvaluateAsync<double>(Seen, ".vt-row:not(.pending) a");
        foreach (int pixels in new[] { 12, 120, 3600 })
        {
            JsonElement found = (await page.EvaluateAsync(Scroll, new { pixels, frames = 300 }))!.Value;
            double Of(string name) => found.GetProperty(name).GetDouble();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"scrolled {pixels / 36.0,5:0.0} rows a frame, 300 frames: {Of("median"):0.0} ms a frame, p95 {Of("p95"):0.0}, worst {Of("worst"):0.0}; "
                    + $"{Of("empty"):P1} of rows not there yet"));
        }

        await page.Context.DisposeAsync();
    }

    /// <summary>Leaves a page open and says now and then what it and the server hold, after a collection: neither should grow.</summary>
    public async Task StayAsync(ServedDashboard served, string path, TimeSpan span)
    {
        IPage page = await VisitAsync();
        await page.GotoAsync(new Uri(served.Client.BaseAddress!, path).ToString());
        ICDPSession devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("Performance.enable");
        Console.WriteLine($"{path} left open:\n{"s",6} {"trials",8} {"page MB",8} {"nodes",7} {"listeners",9} {"server MB",9} {"its heap",8}");
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(began) < span; i++)
        {
            await Task.Delay(span / 20);
            await devtools.SendAsync("HeapProfiler.collectGarbage");
            JsonElement metrics = (await devtools.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics");
            double Of(string name) => metrics.EnumerateArray().First(m => m.GetProperty("name").GetString() == name).GetProperty("value").GetDouble();
            string far = await page.EvaluateAsync<string>("() => document.querySelector('.glance-part.far .big')?.textContent?.split(' of ')[0] ?? ''");
            double heap = await served.HeapBytesAsync();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Stopwatch.GetElapsedTime(began).TotalSeconds,6:0} {far,8} {Of("JSHeapUsedSize") / 1048576,8:0.0} {Of("Nodes"),7} "
                    + $"{Of("JSEventListeners"),9} {served.ResidentBytes() >> 20,9} {heap / 1048576,8:0}"));
        }

        Console.WriteLine($"the page's tasks above 50 ms: {await TasksAsync(page)}");

        await page.Context.DisposeAsync();
    }

    /// <summary>Pictures of a sweep's page once its comparison and curves are there: dashboard.png and dashboard-dark.png.</summary>
    public async Task PictureAsync(Uri address, string folder)
    {
        List<(IPage Page, string File)> pages = [];
        foreach ((ColorScheme scheme, string name) in new[] { (ColorScheme.Light, "dashboard.png"), (ColorScheme.Dark, "dashboard-dark.png") })
        {
            IBrowserContext context = await _browser.NewContextAsync(
                new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 1570 }, ColorScheme = scheme,
                    ReducedMotion = ReducedMotion.Reduce });
            IPage page = await context.NewPageAsync();
            await page.GotoAsync(address.ToString());
            pages.Add((page, Path.Combine(folder, name)));
        }

        foreach ((IPage page, string file) in pages)
        {
            await page.Locator(".report-part .chart canvas").First.WaitForAsync();
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = file });
            Console.WriteLine(file);
            await page.Context.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static Task<string> TasksAsync(IPage page) =>
        page.EvaluateAsync<string>(
        "() => window.tasks.length === 0 ? 'none' : `${window.tasks.length}, the longest ${Math.max(...window.tasks).toFixed(0)} ms`");

    private async Task<double> OpenOnceAsync(Uri server, string path, string selector)
    {
        IPage page = await VisitAsync();
        await page.GotoAsync(new Uri(server, path).ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        double milliseconds = await page.EvaluateAsync<double>(Seen, selector);
        await page.Context.DisposeAsync();
        return milliseconds;
    }

    private async Task<IPage> VisitAsync()
    {
        IBrowserContext context =
            await _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1400, Height = 900 } });
        context.SetDefaultTimeout(120_000);
        await context.AddInitScriptAsync(NoteTasks);
        return await context.NewPageAsync();
    }
}
