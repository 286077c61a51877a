using System.Text.Json;
using Microsoft.Playwright;

namespace Sweep.Bench.Dashboard;

/// <summary>A page with a curve that grows: notes when each of its points was there, by the frame.</summary>
internal sealed class LivePage(IPage page) : IAsyncDisposable
{
    /// <summary>At the frame after the one in which the page says so: by then it was handed to the screen.</summary>
    private const string Note = """
        selector => {
          window.seen = [];
          let last = 0;
          const look = () => {
            const n = Number(document.querySelector(selector)?.dataset.points ?? 0);
            if (n > last) { last = n; requestAnimationFrame(() => window.seen.push([n, Date.now()])); }
            requestAnimationFrame(look);
          };
          look();
        }
        """;

    public static async Task<LivePage> OpenAsync(IPage page, Uri address, string selector)
    {
        await page.GotoAsync(address.ToString());
        await page.EvaluateAsync(Note, selector);
        return new LivePage(page);
    }

    public Task<int> PointsAsync() => page.EvaluateAsync<int>("() => window.seen.at(-1)?.[0] ?? 0");

    /// <summary>When each point after the first <paramref name="before"/> was there, ms since 1970.</summary>
    public async Task<IReadOnlyList<double>> SeenAsync(int before, int count)
    {
        JsonElement seen = (await page.EvaluateAsync("() => window.seen"))!.Value;
        (int Points, double At)[] noted = [.. seen.EnumerateArray().Select(e => (e[0].GetInt32(), e[1].GetDouble()))];
        return [.. Enumerable.Range(before + 1, count).Select(n => noted.First(s => s.Points >= n).At)];
    }

    public async ValueTask DisposeAsync() => await page.Context.DisposeAsync();
}
